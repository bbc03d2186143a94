"""What fills the addresses of the core."""

from collections.abc import Mapping
from datetime import date

from flask import current_app

from libhub.accounts import classes, relations
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import PARENT, STUDENT
from libhub.accounts.school_class import ClassName
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.kit.importing import Line, Report
from libhub.kit.jobs import starting
from libhub.kit.jobs.models import DONE, FAILED, RUNNING, Job
from libhub.kit.pending_imports import PendingImport
from libhub.kit.tables import Look
from libhub.notices.models import Notice
from libhub.notices.notices import notify
from libhub.people.personal_data import consents
from libhub.people.personal_data.consents import NewConsent
from libhub.people.september.plan import Wishes, coming_year
from libhub.people.september.promoting import promote
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
    "classes.workbook": "a file",
    "auth.session_end": "told to the script of the page",
    "admin.section_tables": "a file, of sections from outside",
    "assets.script": "the script",
    "assets.stylesheet": "the stylesheet",
    "by_pictures.choose": "at the PCs of the reading room; tests/core/test_sign_in_by_pictures.py looks at it",
    "by_pictures.which_class": "at the PCs of the reading room; tests/core/test_sign_in_by_pictures.py looks at it",
    "by_pictures.who": "at the PCs of the reading room; tests/core/test_sign_in_by_pictures.py looks at it",
    "cards.ask": "for the browser to which a card was shown just now",
    "cards.show": "leads to the page with the button",
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
    "users.export_csv": "a file",
    "users.export_xlsx": "a file",
    "slips.sheet": "what was made just now, shown to whoever made it",
    "me_data.as_json": "a file",
    "me_data.child_json": "a file",
    "users.personal_data_json": "a file",
    "users.slip": "what was made just now, shown to whoever made it",
}
PATHS = ("/nothing-is-here", "/auth/setup/no-link")


def people_import() -> str:
    """Keep a table of people that waits for its yes, with lines of every kind; return its token."""
    same, new = ("same", "тот же человек"), ("new", "новый человек")
    lines = [
        Line(
            "doubtful",
            4,
            "Орлов Ян",
            "6А. Такое же имя есть в другом классе. → Орлов Ян, 5Б",
            (same, new),
            "line-4",
        ),
        Line("doubtful", 9, "Белов Илья", "6А. Есть похожее имя. → Белов Илья, 5Б", (same, new), "line-9"),
        Line("gone", "", "Юдин Ян", "5А, yudin.ya", (("close", "закрыть учётную запись"),), "gone-7"),
        Line("moved", 5, "Щукин Егор", "Класс: 5А → 6А"),
        Line("new", 6, "Ёлкина Анна-Мария Владиславовна", "6А, elkina.a"),
    ]
    report = Report(added=1, changed=1, unchanged=600, lines=lines, notes=["Новые классы: 6А."])
    look = Look(("ФИО", "Кл.", ""), ("name", "", ""), (("Орлов Ян", "6А", ""), ("Белов Илья", "6А", "да")))
    token = "5" * 32
    PendingImport(token, "users", "Школа.xls", {"columns": "name;school_class;"}, report, look=look).keep()
    return token


def make(people: Mapping[str, int]) -> Values:
    """Fill the lists that the librarian reads, and everybody's notices."""
    synonyms.save("леонардо, изобретатель")
    change_settings("events", {"files_quota_mb": 500})
    change_settings("core", {"welcome": "Читаем вместе", "consents": True})
    pupil, class_id = _consenting()
    notify(people.values(), "Ваша работа понравилась восьми читателям.", "/crafts/")
    for text in ("сказки", "абракадабра", "нет-такого-слова"):
        counter_of(current_app).asked(text, 0 if text != "сказки" else 3)
    class_id, left = _classes(people)
    relations.new_codes([people[STUDENT]])
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
        "me_data.child": [{"user_id": people[STUDENT]}],
        "jobs.show": [{"job_id": job_id} for job_id in jobs],
        "admin.plugin_settings": [{"plugin_id": "events"}],
        "admin.plugin_settings_history": [{"plugin_id": "events"}],
        "admin.switch_plugin": [{"plugin_id": "resources", "position": "off"}],
        "auth.sign_in": [{}, {"next": "/crafts/"}],
        "classes.edit": [{"class_id": class_id}],
        "classes.groups": [{"class_id": class_id}],
        "classes.join": [{"class_id": class_id, "into": class_id + 1}],
        "classes.new_year_plan": [
            {},
            {"first": "А", "except": people["student"], f"do-{people['student']}": "leaves"},
        ],
        "classes.promotion": [{"number": left}],
        "classes.show": [{"class_id": class_id}],
        "classes.undo": [{"number": left}],
        "classes.workbook": [{"class_id": class_id}],
        "children.join": [{}, {"code": "abcde-fgh23"}],
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
        "users.bulk_preview": [{"change": "close", "id": users[0]["user_id"]}],
        "slips.index": [{}, {"id": users[0]["user_id"]}],
        "users.edit": [{"user_id": people[role]} for role in (STUDENT, PARENT)],
        "users.erase": users[:1],
        "users.import_preview": [{"token": people_import()}],
        "users.index": [
            {},
            {"q": "Маша"},
            {"q": "нет такого"},
            {"class": class_id, "state": "never", "since": "2026-10-01"},
        ],
        "users.personal_data": users[:1],
    }


def _classes(people: Mapping[str, int]) -> tuple[int, int]:
    """Make classes of the last year and begin the new one; return the class of the pupil, and what began the year."""
    year = coming_year()
    with writing():
        db.session.add_all(SchoolClass(grade=grade, letter="Я", school_year=year - 1) for grade in (2, 3, 11))
        own = db.session.get_one(User, people["student"]).school_class
        assert own is not None
        own.teacher_id = people["teacher"]
    return own.id, promote(Wishes(first=["Я"]))[0].id


def _consenting() -> tuple[int, int]:
    """Make a pupil with a class and a consent; return the numbers of pupil and class."""
    with writing():
        user = User(username="petrova-dasha", name="Даша Петрова", role=STUDENT, password_hash="")
        user.school_class = classes.find_or_make(ClassName(5, "А"))
        db.session.add(user)
        db.session.flush()
        pupil, class_id = user.id, user.class_id
    assert class_id is not None
    consents.record([pupil], NewConsent("works", date(2026, 9, 1), giver="Мария Петрова"))
    return pupil, class_id
