"""What fills the addresses of the core."""

from collections.abc import Mapping
from datetime import date

from flask import current_app

from libhub.accounts import classes
from libhub.accounts.models import Guardian, User
from libhub.accounts.permissions import STUDENT
from libhub.accounts.school_class import ClassName
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.kit.jobs import starting
from libhub.kit.jobs.models import DONE, FAILED, RUNNING, Job
from libhub.notices.models import Notice
from libhub.notices.notices import notify
from libhub.people import consents
from libhub.people.consents import NewConsent
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.settings import change_settings
from libhub.search.asking import synonyms
from libhub.search.models import Synonym
from libhub.search.query_counts import counter_of
from libhub.web import outside
from tests.walking import Values

NO_PAGES = {
    "admin.install_held": "closed where the setting does not allow it; tests/installing look at it",
    "admin.install": "closed where the setting does not allow it; tests/installing look at it",
    "admin.remove_section": "of sections from outside, where the setting allows it; tests/installing look at it",
    "auth.session_end": "told to the script of the page",
    "admin.section_tables": "a file, of sections from outside",
    "assets.script": "the script",
    "assets.stylesheet": "the stylesheet",
    "files.preview": "a picture",
    "files.show": "a file",
    "kiosk.idle": "ends a visit and goes to the first page",
    "computers.slip": "what was made just now, shown to whoever made it",
    "looks.change": "sets the look and goes back",
    "pictures.picture": "a picture",
    "home.health": "told to programs",
    "home.language": "sets the language and goes back",
    "notices.show": "goes where the notice leads",
    "reader.picture": "a picture",
    "search.as_json": "told to programs",
    "search.noted": "told by the script of the page",
    "search.suggest": "a fragment for the search box",
    "me_data.as_json": "a file",
    "me_data.child": "of parents, of whom none walks here; tests/people/test_data_page.py looks at it",
    "me_data.child_json": "a file",
    "users.personal_data_json": "a file",
    "users.slip": "what was made just now, shown to whoever made it",
}
PATHS = ("/nothing-is-here", "/auth/setup/no-link")


def make(people: Mapping[str, int]) -> Values:
    """Fill the lists that the librarian reads, and everybody's notices."""
    synonyms.save("леонардо, изобретатель")
    change_settings("events", {"files_quota_mb": 500})
    change_settings("core", {"welcome": "Читаем вместе", "consents": True})
    pupil, class_id = _family(people)
    notify(people.values(), "Ваша работа понравилась восьми читателям.", "/crafts/")
    for text in ("сказки", "абракадабра", "нет-такого-слова"):
        counter_of(current_app).asked(text, 0 if text != "сказки" else 3)
    computer = computers.add(Details("ПК у окна"))
    users = [{"user_id": number} for number in people.values()]
    kind = sorted(get_registry().job_kinds)[0]
    jobs = [starting.start_job(kind, started_by=number) for number in people.values() for _each in range(3)]
    with writing():
        for number, job_id in enumerate(jobs):
            job = db.session.get_one(Job, job_id)
            job.status = (RUNNING, FAILED, DONE)[number % 3]
            job.done, job.total = (3, 8) if job.status == RUNNING else (0, 0)
            job.ended_at = None if job.status == RUNNING else now()
    return {
        "consents.forms": [{"class_id": class_id, "kind": "photos"}],
        "consents.index": [{}, {"kind": "photos"}],
        "consents.of_class": [
            {"class_id": class_id},
            {"class_id": class_id, "kind": "works", "standing": "none"},
        ],
        "consents.of_person": [{"user_id": pupil}],
        "me_data.child": [{"user_id": pupil}],
        "jobs.show": [{"job_id": job_id} for job_id in jobs],
        "admin.plugin_settings": [{"plugin_id": "events"}],
        "admin.plugin_settings_history": [{"plugin_id": "events"}],
        "admin.switch_plugin": [{"plugin_id": "resources", "position": "off"}],
        "auth.sign_in": [{}, {"next": "/crafts/"}],
        "computers.edit": [{"computer_id": computer}],
        "kiosk.away": [{"to": outside._serializer().dumps("https://example.org/книги?a=1&b=2")}],
        "kiosk.join": [{"code": computers.new_code(computer)}],
        "notices.show": [{"notice_id": db.session.scalar(db.select(Notice.id))}],
        "search.index": [
            {},
            {"q": "сказки"},
            {"q": "скзки"},
            {"q": "абракадабра"},
            {"q": "книга", "page": 2},
        ],
        "search.suggest": [{"q": "сказ"}],
        "search_admin.edit_synonym": [{"synonym_id": db.session.scalar(db.select(Synonym.id))}],
        "users.edit": users[:1],
        "users.erase": users[:1],
        "users.index": [{}, {"q": "Маша"}, {"q": "нет такого"}],
        "users.personal_data": users[:1],
    }


def _family(people: Mapping[str, int]) -> tuple[int, int]:
    """Make a pupil with a class and a consent, the child of all these people; return the numbers of pupil and class."""
    with writing():
        user = User(username="petrova-dasha", name="Даша Петрова", role=STUDENT, password_hash="")
        user.login_key, user.sort_name = user.username, "даша петрова"
        user.school_class = classes.find_or_make(ClassName(5, "А"))
        db.session.add(user)
        db.session.flush()
        pupil, class_id = user.id, user.class_id
        db.session.add_all(Guardian(parent_id=each, child_id=pupil) for each in people.values())
    assert class_id is not None
    consents.record([pupil], NewConsent("works", date(2026, 9, 1), giver="Мария Петрова"))
    return pupil, class_id
