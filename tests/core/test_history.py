"""What was changed of a thing: read in words, by pages, brought back by field and whole, by two people; and what was deleted."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, TEACHER
from libhub.base.audit import Actor, AuditEntry, acting_as, audited_models
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.kit.history import reverting
from libhub.kit.history.differences import difference
from libhub.kit.history.subjects import deletable_of
from libhub.kit.published import set_archived
from libhub.plugging.settings import change_settings, get_setting
from libhub.search.asking import synonyms
from libhub.search.models import SearchOutbox, Synonym
from libhub.testing import PASSWORD, counted_queries
from libhub.testing.contract.history import wordless
from libhub.web.visitor import viewer_for
from plugins.crafts import rules as crafts
from plugins.crafts.activity_data import ActivityData, MaterialData, StepData
from plugins.events import memorable_dates, rooms
from plugins.events import rules as events
from plugins.events.models import Category, Event
from plugins.events.rules import EventData
from plugins.events.schedule import categories, school_year, series
from plugins.events.schedule.school_year import PeriodData
from plugins.resources import rules as resources
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData
from plugins.training.courses import lessons, question_pool
from plugins.training.courses import rules as courses
from plugins.training.courses.lessons import LessonData
from plugins.training.courses.rules import CourseData
from plugins.training.models import Lesson
from tests.questions import EVERY_KIND

Browser = Callable[..., FlaskClient]
VERA = Actor(None, "Вера")
MOST_QUERIES = 12

FOR_GOOD = {
    "core_class": "nobody is in it any more: another one is added in a moment",
    "core_guardian": "a parent types another code",
    "core_promotion": "nobody deletes it; it is undone",
    "core_user": "personal data",
    "core_consent": "nobody deletes it: it is withdrawn, with the day",
    "core_card": "a card that was revoked opens nothing any more: another one is printed",
    "core_attachment": "its list offers to bring it back, until its time is over",
    "core_computer": "a key that is taken away is no key any more: the PC joins anew",
    "core_plugin_state": "nobody deletes it but who removes a section from outside, of which the hub keeps a copy",
    "core_setting": "nobody deletes it but who removes a section from outside",
    "crafts_activity": "goes to the archive",
    "crafts_work": "personal data: who takes a work back wants it gone",
    "events_place": "goes to the archive",
    "events_registration": "personal data: who withdraws can sign up again",
    "resources_resource": "goes to the archive",
    "resources_broken_link_report": "nobody deletes it",
    "training_course": "goes to the archive",
    "training_lesson": "goes to the archive",
    "training_enrolment": "personal data: a course can be given again, what was done in it stays",
    "training_task_answer": "personal data",
    "training_certificate": "personal data",
    "training_external": "personal data",
}
"""Audited tables of which nothing comes back from the log, and why."""


def entries(app: Flask, table: str, key: object, action: str = "update") -> list[int]:
    """Return the numbers of the changes of a row, the oldest first."""
    with app.app_context():
        query = select(AuditEntry.id).where(
            AuditEntry.subject_type == table, AuditEntry.subject_key == str(key), AuditEntry.action == action
        )
        return list(db.session.scalars(query.order_by(AuditEntry.id)))


def text_of(page: str) -> str:
    """Return what a page says, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def seen_on(page: str) -> str:
    """Return what a page of history says of the state that it shows."""
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


@pytest.fixture
def resource(app: Flask) -> int:
    """A resource that was changed twice."""
    with app.app_context(), acting_as(VERA):
        first = ResourceData(
            age=0, title="Сказки", url="https://example.org", themes=("Азбука", "Былины"), kind="tales"
        )
        number = resources.save(first)
        second = replace(
            first,
            title="Сказки народов",
            themes=("Былины", "Волшебство"),
            needs_internet=False,
            checked_on=date(2026, 9, 1),
            description="Первая строка.\nВторая строка, которая останется.",
        )
        resources.save(second, number)
        resources.save(
            replace(second, kind="media", description="Первая строка.\nДругая строка, которая останется."),
            number,
        )
        return number


# -- reading ------------------------------------------------------------------------------------------


def test_a_history_says_who_when_and_what_in_words(app: Flask, as_viewer: Browser, resource: int) -> None:
    page = as_viewer(LIBRARIAN).get(f"/resources/{resource}/history").text
    said = text_of(page)
    assert said.index("Видео и аудио") < said.index("Сказки → Сказки народов"), "the newest first"
    for expected in (
        "Вера",
        "Вид Сказки → Видео и аудио",
        "Название Сказки → Сказки народов",
        "Нужен Интернет да → нет",
        "Азбука, Былины → Былины, Волшебство",
        "1 сент. 2026 г.",
    ):
        assert expected in said, expected
    assert '<del><span class="unseen">убрано: </span>Вторая</del>' in page
    assert '<ins><span class="unseen">добавлено: </span>Другая</ins>' in page
    for code in ("needs_internet", "tales", "themes", "everyone", "[", "{"):
        assert code not in said


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "раз два три",
            "раз четыре три",
            [("same", "раз "), ("removed", "два"), ("added", "четыре"), ("same", " три")],
        ),
        ("", "новое", [("added", "новое")]),
        ("было", "", [("removed", "было")]),
        ("одно\nдва\n", "одно\n", [("same", "одно\n"), ("removed", "два\n")]),
    ],
)
def test_a_difference_is_told_by_words(before: str, after: str, told: list[tuple[str, str]]) -> None:
    assert [(piece.kind, piece.text) for piece in difference(before, after)] == told


def test_of_a_long_text_only_what_is_near_a_change_is_told() -> None:
    before = "слово " * 4_000
    pieces = difference(before, before + "конец")
    assert sum(len(piece.text) for piece in pieces) < 200
    assert pieces[-1].text == "конец"


def test_a_difference_of_two_long_texts_takes_no_time() -> None:
    texts = ["".join(f"слово{(each * step) % 997} " for each in range(20_000)) for step in (7, 11)]
    began = datetime.now()
    difference(*texts)
    assert datetime.now() - began < timedelta(seconds=2)


def test_a_history_has_pages_and_asks_little(app: Flask, as_viewer: Browser, resource: int) -> None:
    with app.app_context():
        for number in range(45):
            data = resources.data_of(resources.get(resource))
            resources.save(replace(data, summary=f"Правка {number}"), resource)
    librarian = as_viewer(LIBRARIAN)
    first = librarian.get(f"/resources/{resource}/history").text
    assert "Правка 44" in first
    assert "Правка 20" not in first
    assert f"/resources/{resource}/history?page=2" in first
    assert "Правка 20" in librarian.get(f"/resources/{resource}/history?page=2").text
    with counted_queries(app) as log:
        librarian.get(f"/resources/{resource}/history")
    assert len(log) <= MOST_QUERIES, "\n".join(log.statements)


def test_one_save_is_one_change(app: Flask) -> None:
    with app.app_context():
        data = ActivityData(
            title="Голубь",
            materials=(MaterialData("бумага", 1),),
            steps=(StepData("Сложите лист"), StepData("Отогните крыло")),
        )
        number = crafts.save(data)
        kept = crafts.data_of(crafts.get(number))
        crafts.save(kept, number)
        steps = (*reversed(kept.steps), StepData("Готово"))
        crafts.save(replace(kept, title="Журавль", steps=steps, techniques=("оригами",)), number)
    assert len(entries(app, "crafts_activity", number, "create")) == 1
    changes = entries(app, "crafts_activity", number)
    assert len(changes) == 1, "saving what is already so is none, and one save is one"
    with app.app_context():
        entry = db.session.get_one(AuditEntry, changes[0])
        assert entry.before
        assert set(entry.before) == {"title", "steps", "tags"}, "materials that stayed are no change"


def test_there_and_back_in_one_transaction_is_no_change(app: Flask, resource: int) -> None:
    before = entries(app, "resources_resource", resource)
    with app.app_context(), writing():
        row = resources.get(resource)
        title, row.title = row.title, "Другое"
        db.session.flush()
        row.title = title
    assert entries(app, "resources_resource", resource) == before


def test_the_old_value_is_known_of_a_row_that_was_not_read(app: Flask, resource: int) -> None:
    with app.app_context():
        row = resources.get(resource)
        db.session.commit()
        with writing():
            row.title = "Новое"  # without having been looked at in this transaction
    entry_id = entries(app, "resources_resource", resource)[-1]
    with app.app_context():
        assert db.session.get_one(AuditEntry, entry_id).before == {"title": "Сказки народов"}


# -- bringing back ------------------------------------------------------------------------------------


def test_a_field_comes_back_and_that_can_be_undone(app: Flask, as_viewer: Browser, resource: int) -> None:
    librarian = as_viewer(LIBRARIAN)
    second, third = entries(app, "resources_resource", resource)
    path = f"/resources/{resource}/history"
    seen = seen_on(librarian.get(path).text)
    answer = librarian.post(f"{path}/{second}", data={"seen": seen, "field": "themes"}, follow_redirects=True)
    assert "«Сказки народов»: теперь как было" in answer.text
    with app.app_context():
        assert resources.data_of(resources.get(resource)).themes == ("Азбука", "Былины")
        assert resources.get(resource).title == "Сказки народов", "the others stay"
    newest = entries(app, "resources_resource", resource)[-1]
    assert newest > third
    librarian.post(f"{path}/{newest}", data={"seen": str(newest), "field": "themes"})
    with app.app_context():
        assert resources.data_of(resources.get(resource)).themes == ("Былины", "Волшебство")


def test_a_whole_state_comes_back_after_a_preview(app: Flask, as_viewer: Browser, resource: int) -> None:
    librarian = as_viewer(LIBRARIAN)
    with app.app_context():
        set_archived(Resource, [resource], archived=True)
        db.session.query(SearchOutbox).delete()
        db.session.commit()
    second = entries(app, "resources_resource", resource)[0]
    path = f"/resources/{resource}/history/{second}"
    preview = librarian.get(path)
    said = text_of(preview.text)
    assert "Название Сказки народов → Сказки" in said
    assert "Вид Видео и аудио → Сказки" in said
    librarian.post(path, data={"seen": seen_on(preview.text)})
    with app.app_context():
        row = resources.get(resource)
        assert (row.title, row.kind, row.sort_title, row.archived_at) == ("Сказки", "tales", "сказки", None)
        assert resources.data_of(row).themes == ("Азбука", "Былины")
        assert db.session.scalar(select(SearchOutbox.key)) == str(resource), "search learns of it"
    undo = entries(app, "resources_resource", resource)[-1]
    assert len(entries(app, "resources_resource", resource)) == 4, "one change, whatever it touches"
    librarian.post(f"/resources/{resource}/history/{undo}", data={"seen": str(undo)})
    with app.app_context():
        row = resources.get(resource)
        assert (row.title, row.kind) == ("Сказки народов", "media")
        assert row.archived_at is not None


def test_what_somebody_changed_meanwhile_is_not_undone(app: Flask, as_viewer: Browser, resource: int) -> None:
    one, other = as_viewer(LIBRARIAN, username="one"), as_viewer(LIBRARIAN, username="other")
    second = entries(app, "resources_resource", resource)[0]
    path = f"/resources/{resource}/history"
    seen = seen_on(one.get(path).text)
    other.post(f"{path}/{second}", data={"seen": seen, "field": "title"})
    for field in ("themes", ""):
        answer = one.post(f"{path}/{second}", data={"seen": seen, "field": field}, follow_redirects=True)
        assert "Тем временем здесь что-то изменили" in answer.text
    with app.app_context():
        row = resources.get(resource)
        assert row.title == "Сказки"
        assert resources.data_of(row).themes == ("Былины", "Волшебство")


def test_a_press_that_is_repeated_does_nothing_more(app: Flask, as_viewer: Browser, resource: int) -> None:
    librarian = as_viewer(LIBRARIAN)
    second = entries(app, "resources_resource", resource)[0]
    form = {"seen": seen_on(librarian.get(f"/resources/{resource}/history").text), "field": "title"}
    for _twice in range(2):
        librarian.post(f"/resources/{resource}/history/{second}", data=form)
    assert len(entries(app, "resources_resource", resource)) == 3


def test_steps_and_materials_come_back_in_their_order(app: Flask) -> None:
    with app.app_context():
        data = ActivityData(
            title="Голубь",
            materials=(MaterialData("бумага", 2, "sheet"), MaterialData("клей", use="tool")),
            steps=(StepData("Раз"), StepData("Два", "Осторожно"), StepData("Три")),
            holidays=("new_year",),
        )
        number = crafts.save(data)
        first = crafts.data_of(crafts.get(number))
        changed = replace(first, steps=(first.steps[2], first.steps[0]), materials=(), holidays=())
        crafts.save(changed, number, state="published")
        kept = type(crafts.get(number)).__audit_history__
    change = entries(app, "crafts_activity", number)[-1]
    with app.app_context():
        reverting.revert(kept, number, change, change)
        row = crafts.get(number)
        assert crafts.data_of(row) == first, "the keys of the steps too, by which their pictures are found"
        assert row.state == "draft"


def test_an_event_comes_back_with_its_days(app: Flask) -> None:
    with app.app_context():
        category = categories.save("Праздники", "red", "star")
        start = datetime.combine(date(2026, 12, 7), time(15))
        data = EventData(
            age=0,
            title="Кружок",
            starts=start,
            ends=start + timedelta(hours=1),
            zone="Asia/Krasnoyarsk",
            rule="FREQ=WEEKLY;UNTIL=20270101T235959",
            category_id=category,
        )
        number = events.create(data).event_id
        first = events.data_of(events.get(number))
        key = series._found(number, "").occurrence.recurrence
        series.save(
            number,
            key,
            series.ALL,
            replace(first, title="Клуб", starts=start + timedelta(hours=1), ends=start + timedelta(hours=2)),
        )
        change, kept = entries(app, "events_event", number)[-1], Event.__audit_history__
        days = [each.recurrence for each in db.session.execute(_days_of(number)).scalars()]
        reverting.revert(kept, number, change, change)
        assert events.data_of(events.get(number)) == first
        again = [each.recurrence for each in db.session.execute(_days_of(number)).scalars()]
    assert len(days) == len(again) == 4
    assert days != again


def _days_of(number: int):  # type: ignore[no-untyped-def]
    from plugins.events.models import Occurrence

    return select(Occurrence).where(Occurrence.series_id == number).order_by(Occurrence.recurrence)


def test_what_cannot_come_back_is_refused_in_words(app: Flask, as_viewer: Browser) -> None:
    with app.app_context():
        category, other = (
            categories.save("Праздники", "red", "star"),
            categories.save("Уроки", "blue", "ring"),
        )
        start = datetime.combine(date(2026, 12, 7), time(15))
        data = EventData(
            age=0,
            title="Ёлка",
            starts=start,
            ends=start + timedelta(hours=1),
            zone="Asia/Krasnoyarsk",
            category_id=category,
        )
        number = events.create(data).event_id
        series.put_back(replace(events.data_of(events.get(number)), category_id=other, title="Бал"), number)
        change = entries(app, "events_event", number)[-1]
        categories.delete(category)
    librarian = as_viewer(LIBRARIAN)
    page = librarian.get(f"/events/{number}/history")
    assert "Категория Праздники → Уроки" in text_of(page.text), "the log remembers what it was called"
    for field in ("category_id", ""):
        answer = librarian.post(
            f"/events/{number}/history/{change}",
            data={"seen": seen_on(page.text), "field": field},
            follow_redirects=True,
        )
        assert "Такой категории больше нет" in answer.text
    with app.app_context():
        assert (events.get(number).title, events.get(number).category_id) == ("Бал", other), "nothing half"


def test_a_course_tells_of_its_lessons_and_people(app: Flask, as_viewer: Browser) -> None:
    with app.app_context():
        people = [accounts.add_user(UserDetails("anna", "Анна Петровна", TEACHER), PASSWORD).id]
        course_id = courses.save_course(CourseData("Курс", for_whom="named", people=frozenset(people)))
        needed = courses.save_course(CourseData("Начала"))
        courses.save_course(CourseData("Курс чтения", requires=frozenset({needed})), course_id)
        section_id = courses.add_section(course_id, "Лишний раздел")
        lesson_id = lessons.add_lesson(
            courses.get_course(course_id).sections[0].id, LessonData("Урок первый")
        )
        lessons.save_lesson(LessonData("Урок первый", "Текст"), lesson_id)
        courses.remove_section(section_id)
    librarian = as_viewer(LIBRARIAN)
    page = librarian.get(f"/training/{course_id}/history").text
    said = text_of(page)
    for expected in (
        "Анна Петровна",
        "Курсы, которые нужно пройти",
        "Начала",
        "Урок первый",
        "Лишний раздел",
        "Название Курс → Курс чтения",
    ):
        assert expected in said, expected
    assert f"/training/lessons/{lesson_id}/history" in page
    gone = entries(app, "training_section", section_id, "delete")[-1]
    assert f"/admin/audit/{gone}/back" in page
    librarian.post(f"/admin/audit/{gone}/back")
    with app.app_context():
        assert courses.get_section(section_id).title == "Лишний раздел"
    with counted_queries(app) as log:
        librarian.get(f"/training/{course_id}/history")
    assert len(log) <= MOST_QUERIES, "\n".join(log.statements)


@pytest.mark.parametrize("role", ["guest", TEACHER])
def test_a_history_is_for_those_who_edit(app: Flask, as_viewer: Browser, resource: int, role: str) -> None:
    browser = app.test_client() if role == "guest" else as_viewer(role)
    change = entries(app, "resources_resource", resource)[-1]
    for path in (f"/resources/{resource}/history", f"/resources/{resource}/history/{change}"):
        assert browser.get(path).status_code in {302, 403}
    assert browser.post(f"/resources/{resource}/history/{change}", data={"seen": change}).status_code in {
        302,
        403,
    }
    with app.app_context():
        assert resources.get(resource).kind == "media"


def test_a_change_of_something_else_is_no_change_of_it(app: Flask, as_viewer: Browser, resource: int) -> None:
    with app.app_context():
        other = resources.save(ResourceData(age=0, title="Другое", url="https://example.com"))
        resources.save(ResourceData(age=0, title="Третье", url="https://example.com"), other)
    foreign = entries(app, "resources_resource", other)[-1]
    librarian = as_viewer(LIBRARIAN)
    assert librarian.get(f"/resources/{resource}/history/{foreign}").status_code == 404
    seen = seen_on(librarian.get(f"/resources/{resource}/history").text)
    for values in ({"seen": seen, "field": "title"}, {"seen": seen}, {"seen": "x"}, {}):
        answer = librarian.post(
            f"/resources/{resource}/history/{foreign}", data=values, follow_redirects=True
        )
        assert "теперь как было" not in answer.text
    with app.app_context():
        assert resources.get(resource).title == "Сказки народов"


# -- settings -----------------------------------------------------------------------------------------


def test_settings_come_back(app: Flask, as_viewer: Browser) -> None:
    with app.app_context():
        change_settings("core", {"welcome": "Здравствуйте", "guest_age": "6"})
        change_settings("core", {"welcome": "Добро пожаловать"})
    librarian = as_viewer(LIBRARIAN)
    page = librarian.get("/admin/settings/history").text
    said = text_of(page)
    assert "Здравствуйте → Добро пожаловать" in said
    assert "12+ → 6+" in said
    assert "welcome" not in said
    last = entries(app, "core_setting", "core/welcome")[-1]
    first = entries(app, "core_setting", "core/welcome", "create")[-1]
    librarian.post(f"/admin/settings/history/{last}", data={"seen": last})
    with app.app_context():
        assert get_setting("core", "welcome") == "Здравствуйте"
    answer = librarian.post(f"/admin/settings/history/{first}", data={"seen": last}, follow_redirects=True)
    assert "Тем временем здесь что-то изменили" in answer.text
    newest = entries(app, "core_setting", "core/welcome")[-1]
    librarian.post(f"/admin/settings/history/{first}", data={"seen": newest})
    with app.app_context():
        assert get_setting("core", "welcome") == ""
    assert as_viewer(TEACHER).get("/admin/settings/history").status_code == 403


def test_settings_of_a_section_have_their_own_page(app: Flask, as_viewer: Browser) -> None:
    with app.app_context():
        change_settings("crafts", {"files_quota_mb": 5})
        change_settings("core", {"welcome": "Привет"})
    librarian = as_viewer(LIBRARIAN)
    said = text_of(librarian.get("/admin/plugins/crafts/settings/history").text)
    assert "0 → 5" in said
    assert "Привет" not in said
    entry = entries(app, "core_setting", "core/welcome", "create")[-1]
    librarian.post(f"/admin/plugins/crafts/settings/history/{entry}", data={"seen": entry})
    with app.app_context():
        assert get_setting("core", "welcome") == "Привет", "it is no setting of that section"
    assert librarian.get("/admin/plugins/nothing/settings/history").status_code == 404


# -- the log of the hub -------------------------------------------------------------------------------


def test_an_entry_that_nobody_can_tell_any_more_spoils_no_page(
    app: Flask, as_viewer: Browser, resource: int, caplog: pytest.LogCaptureFixture
) -> None:
    (first, _last) = entries(app, "resources_resource", resource)
    with app.app_context(), writing():
        entry = db.session.get_one(AuditEntry, first)
        entry.before = {"unverified": 5, "gone_long_ago": "прежнее"}
        entry.after = {"unverified": None, "gone_long_ago": "новое"}
    librarian = as_viewer(LIBRARIAN)
    for path in (f"/resources/{resource}/history", "/admin/audit/"):
        said = text_of(librarian.get(path).text)
        assert "прежнее → новое" in said
        assert "Видео и аудио" in said
    assert "cannot be told" in caplog.text


def test_the_core_has_a_word_for_every_column(app: Flask) -> None:
    with app.test_request_context():
        assert wordless("", "en") == []
        assert wordless("", "ru") == []


def test_the_log_is_found_by_person_and_by_thing(app: Flask, as_viewer: Browser, resource: int) -> None:
    librarian = as_viewer(LIBRARIAN, username="lib")
    librarian.post("/admin/settings", data={"library_name": "Школа", "welcome": "Привет"})
    with app.app_context():
        person = accounts.find_user("lib")
        assert person
        number = person.id
    mine = text_of(librarian.get(f"/admin/audit/?person={number}").text)
    assert "настройка «Приветствие на главной»" in mine
    assert "Сказки народов" not in mine
    of_it = text_of(librarian.get(f"/admin/audit/?subject=resources_resource&key={resource}").text)
    assert "Сказки → Сказки народов" in of_it
    assert "Привет" not in of_it
    assert f"person={number}" in as_viewer(ADMINISTRATOR).get(f"/admin/users/{number}").text
    assert (
        f"subject=resources_resource&amp;key={resource}"
        in librarian.get(f"/resources/{resource}/history").text
    )
    with counted_queries(app) as log:
        librarian.get("/admin/audit/")
    assert len(log) <= MOST_QUERIES, "\n".join(log.statements)


def test_the_log_says_no_word_of_machines(app: Flask, as_viewer: Browser) -> None:
    with app.app_context():
        change_settings("core", {"welcome": "Привет"})
    librarian = as_viewer(LIBRARIAN, username="lib")
    librarian.post("/admin/plugins/resources/off")
    said = text_of(librarian.get("/admin/audit/").text)
    for code in ("password_hash", "core/welcome", "librarian", "must_change", "plugin_id", "enabled"):
        assert code not in said, code
    assert "Библиотекарь" in said
    assert "Ресурсы" in said
    assert "Привет" in librarian.get("/admin/audit/?q=приветствие").text


# -- what was deleted ---------------------------------------------------------------------------------


def test_whatever_can_be_deleted_comes_back_or_has_a_reason(app: Flask) -> None:
    with app.app_context():
        back = {table for table in audited_models() if deletable_of(table)}
    assert back | set(FOR_GOOD) == set(audited_models())
    assert not back & set(FOR_GOOD)


def test_a_number_of_what_comes_back_is_never_given_twice(app: Flask) -> None:
    """What nobody points to and has no page may have the number of another: the log tells them apart by what they hold."""
    with app.app_context():
        twice = {
            table
            for table, model in audited_models().items()
            if deletable_of(table) and not model.__table__.dialect_options["sqlite"]["autoincrement"]
        }
    assert twice == {"core_synonym"}


def deletions() -> Iterator[tuple[str, int, Callable[[], object]]]:
    """Yield something of every table that comes back: the table, the number, how somebody deletes it."""
    category = categories.save("Праздники", "red", "star")
    yield "events_category", category, lambda: categories.delete(category)
    school_year.save(PeriodData("holidays", "Осенние", date(2026, 10, 26), date(2026, 11, 3)))
    period = school_year.listing()[-1].id
    yield "events_period", period, lambda: school_year.delete(period)
    day = memorable_dates.save(memorable_dates.DateData("birthday", "Даль", 22, 11, 1801))
    yield "events_memorable_date", day, lambda: memorable_dates.delete(day)
    synonyms.save("физра, физкультура")
    group = synonyms.every()[0].id
    yield "core_synonym", group, lambda: synonyms.delete(group)
    course = courses.save_course(CourseData("Курс"))
    section = courses.add_section(course, "Раздел")
    yield "training_section", section, lambda: courses.remove_section(section)
    lesson = lessons.add_lesson(courses.get_course(course).sections[0].id, LessonData("Урок"))
    question_pool.add_questions(lesson, EVERY_KIND)
    question = question_pool.pool(lesson)[1][0].id
    yield "training_question", question, lambda: question_pool.remove_question(lesson, question)


def test_what_was_deleted_comes_back_as_it_was(app: Flask, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    seen = set()
    with app.test_request_context():
        cases = list(deletions())
    for table, number, delete in cases:
        seen.add(table)
        with app.test_request_context():
            model = audited_models()[table]
            was = reverting.values_of(db.session.get_one(model, number))
            delete()
            assert db.session.get(model, number) is None
        gone = entries(app, table, number, "delete")[-1]
        page = librarian.get(f"/admin/audit/?action=delete&subject={table}").text
        assert f"/admin/audit/{gone}/back" in page, table
        answer = librarian.post(f"/admin/audit/{gone}/back", follow_redirects=True)
        assert "снова на месте" in answer.text, table
        with app.app_context():
            assert reverting.values_of(db.session.get_one(model, number)) == was, table
        again = librarian.post(f"/admin/audit/{gone}/back", follow_redirects=True)
        assert "Оно уже на месте" in again.text
        assert entries(app, table, number, "create"), "the log knows that it is back"
    with app.app_context():
        missing = {table for table in audited_models() if deletable_of(table)} - seen
    assert missing == {"events_booking", "events_event"}, "they have tests of their own"


def test_a_category_has_its_events_again(app: Flask, as_viewer: Browser) -> None:
    with app.app_context():
        category, other = (
            categories.save("Праздники", "red", "star"),
            categories.save("Уроки", "blue", "ring"),
        )
        numbers = []
        for title in ("Ёлка", "Бал"):
            start = datetime.combine(date(2026, 12, 7), time(15))
            data = EventData(
                age=0,
                title=title,
                starts=start,
                ends=start + timedelta(hours=1),
                zone="Asia/Krasnoyarsk",
                category_id=category,
            )
            numbers.append(events.create(data).event_id)
        categories.delete(category)
        series.put_back(replace(events.data_of(events.get(numbers[1])), category_id=other), numbers[1])
    gone = entries(app, "events_category", category, "delete")[-1]
    as_viewer(LIBRARIAN).post(f"/admin/audit/{gone}/back")
    with app.app_context():
        assert db.session.get_one(Category, category).name == "Праздники"
        assert [events.get(number).category_id for number in numbers] == [category, other], (
            "the new choice stays"
        )


def test_a_booking_comes_back_unless_the_place_is_taken(app: Flask, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN, username="lib")
    with app.test_request_context():
        lib = accounts.find_user("lib")
        assert lib
        who = viewer_for(lib.id)
        assert who
        place = rooms.save_place("Медиазона", 20)
        day = date.today() + timedelta(days=2)
        booking = rooms.book(who, place, day, time(10), time(11), "Урок")
        rooms.give_back(booking, who)
        other = rooms.book(who, place, day, time(10), time(11), "Собрание")
    gone = entries(app, "events_booking", booking, "delete")[-1]
    answer = librarian.post(f"/admin/audit/{gone}/back", follow_redirects=True)
    assert "занято" in text_of(answer.text), text_of(answer.text)
    with app.test_request_context():
        rooms.give_back(other, who)
    assert "снова на месте" in librarian.post(f"/admin/audit/{gone}/back", follow_redirects=True).text


def test_what_takes_the_place_of_a_deleted_thing_is_not_harmed(app: Flask, as_viewer: Browser) -> None:
    with app.app_context():
        synonyms.save("физра, физкультура")
        group = synonyms.every()[0].id
        synonyms.delete(group)
        synonyms.save("физра, спорт")
    gone = entries(app, "core_synonym", group, "delete")[-1]
    answer = as_viewer(LIBRARIAN).post(f"/admin/audit/{gone}/back", follow_redirects=True)
    assert "снова на месте" not in answer.text
    with app.app_context():
        assert [each.words for each in db.session.scalars(select(Synonym))] == ["физра, спорт"]


def test_only_who_may_brings_back(app: Flask, as_viewer: Browser) -> None:
    with app.app_context():
        category = categories.save("Праздники", "red", "star")
        categories.delete(category)
    gone = entries(app, "events_category", category, "delete")[-1]
    assert as_viewer(TEACHER).post(f"/admin/audit/{gone}/back").status_code == 403
    with app.app_context(), pytest.raises(LibHubError):
        reverting.bring_back(gone, lambda permission: permission == "audit.read")
    with app.app_context():
        assert db.session.get(Category, category) is None


def test_a_lesson_is_brought_back_without_the_draft_of_who_presses(app: Flask) -> None:
    with app.app_context():
        course = courses.save_course(CourseData("Курс"))
        lesson = lessons.add_lesson(courses.get_course(course).sections[0].id, LessonData("Урок", "Раз"))
        lessons.save_lesson(LessonData("Урок", "Два"), lesson)
        change, kept = entries(app, "training_lesson", lesson)[-1], Lesson.__audit_history__
        reverting.revert(kept, lesson, change, change, "text")
        assert lessons.get_lesson(lesson).text == "Раз"
