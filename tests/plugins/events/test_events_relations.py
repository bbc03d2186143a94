"""Parents and children, teachers and their classes: who signs whom up, who sees which lines, who is told."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from libhub.accounts import accounts, relations
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import PARENT, STUDENT, TEACHER
from libhub.api import Viewer
from libhub.base.db import db
from libhub.notices import notices
from libhub.notices.models import Notice
from libhub.testing import PASSWORD, sign_in
from plugins.events import rules
from plugins.events.exchange import secret_links
from plugins.events.models import Occurrence, Registration
from plugins.events.people import for_others, lists, registration, reminders
from plugins.events.people.admission import CannotRegister
from plugins.events.schedule import series


@dataclass
class School:
    """Two families, and teachers: Мать of Маша (5А), Отец of Петя (1Б), whose class Клавдия leads; Олег leads none."""

    app: Flask
    factory: ModuleType

    def viewer(self, name: str) -> Viewer:
        found: Viewer = self.factory.viewer_of(name)
        return found

    def number(self, name: str) -> int:
        number = self.viewer(name).user_id
        assert number is not None
        return number

    def event(self, **more: Any) -> tuple[int, str]:
        data = self.factory.event(**{"registration": True, "places": 5, "days": 3, **more})
        made = rules.create(data).event_id
        return made, str(db.session.scalar(select(Occurrence.recurrence).where(Occurrence.series_id == made)))

    def listed(self, name: str, number: int, key: str) -> list[str] | None:
        found = series.find(number, key)
        assert found is not None
        seen = lists.readable(self.viewer(name), found.event, number, key)
        return None if seen is None else [line.name for line in seen.lines]

    def told(self, name: str) -> list[str]:
        query = notices.listing(self.number(name), ["events"]).order_by(None).order_by(Notice.id)
        return [notices.said(each).partition(":")[0] for each in db.session.scalars(query)]


@pytest.fixture
def school(quiet: Flask, factory: ModuleType) -> School:
    """The families and the teachers."""
    with quiet.test_request_context():
        for login, name, role, school_class in (
            ("masha", "Маша", STUDENT, "5А"),
            ("petya", "Петя", STUDENT, "1Б"),
            ("mother", "Мать", PARENT, ""),
            ("father", "Отец", PARENT, ""),
            ("klavdia", "Клавдия", TEACHER, ""),
            ("oleg", "Олег", TEACHER, ""),
        ):
            accounts.add_user(UserDetails(login, name, role, school_class=school_class), PASSWORD)
        made = School(quiet, factory)
        for parent, child in (("mother", "masha"), ("father", "petya")):
            code = relations.new_codes([made.number(child)])[made.number(child)]
            relations.use_code(made.number(parent), code)
        factory.lead("klavdia", "1Б")
    return made


@pytest.fixture
def inside(school: School) -> Iterator[School]:
    """The same, within a request: for what is done without a browser, whose requests would share it."""
    with school.app.test_request_context():
        yield school


def test_a_parent_signs_the_child_up_and_off(inside: School) -> None:
    number, key = inside.event(places=1, for_whom="pupils")
    mother, masha = inside.viewer("mother"), inside.viewer("masha")
    found = series.find(number, key)
    assert found is not None
    assert [person.name for person in for_others.family(mother, found.event)] == ["Маша"], "no adults"
    with pytest.raises(CannotRegister, match="для учеников"):
        for_others.sign_family_up(mother, number, key, [inside.number("mother")])
    with pytest.raises(CannotRegister):
        for_others.sign_family_up(mother, number, key, [inside.number("petya")])
    assert for_others.sign_family_up(mother, number, key, [inside.number("masha")]) == []
    row = db.session.scalars(select(Registration)).one()
    assert (row.user_id, row.by_id, row.name, row.grade) == (masha.user_id, mother.user_id, "Маша", 5)
    assert inside.told("masha") == ["Вас записали"]
    assert registration.sign_up(masha, number, key), "once more, by the child, changes nothing"
    assert db.session.scalars(select(Registration)).all() == [row]
    assert for_others.sign_family_up(inside.viewer("father"), number, key, [inside.number("petya")]) == [
        "Петя"
    ]
    with pytest.raises(CannotRegister):
        registration.withdraw(
            row.id, user_id=inside.number("father"), children=inside.viewer("father").children
        )
    registration.withdraw(row.id, user_id=mother.user_id, children=mother.children)
    assert inside.told("masha") == ["Вас записали", "Запись отменена"]
    assert inside.told("petya") == ["Вас записали в очередь", "Для вас освободилось место"]
    assert inside.told("father") == ["Для вашего ребёнка освободилось место"]
    assert inside.told("mother") == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"grade_from": 7, "grade_to": 9}, "Маша: .*7–9"),
        ({"age": 18}, r"Маша: .*18\+"),
        ({"for_whom": "parents"}, "Маша: .*для родителей"),
        ({"close_hours": 24 * 10}, "закрыта"),
    ],
)
def test_what_limits_the_child_limits_the_parent(inside: School, more: dict[str, Any], words: str) -> None:
    number, key = inside.event(**more)
    with pytest.raises(CannotRegister, match=words):
        for_others.sign_family_up(inside.viewer("mother"), number, key, [inside.number("masha")])
    assert not db.session.scalars(select(Registration)).all()


def test_all_of_a_family_or_none(inside: School) -> None:
    code = relations.new_codes([inside.number("petya")])[inside.number("petya")]
    relations.use_code(inside.number("mother"), code)
    number, key = inside.event(grade_from=5, grade_to=9)
    both = [inside.number("masha"), inside.number("petya")]
    with pytest.raises(CannotRegister, match="Петя"):
        for_others.sign_family_up(inside.viewer("mother"), number, key, both)
    assert not db.session.scalars(select(Registration)).all()
    number, key = inside.event()
    for_others.sign_family_up(inside.viewer("mother"), number, key, [*both, inside.number("mother")])
    assert {row.name for row in db.session.scalars(select(Registration))} == {"Маша", "Петя", "Мать"}


def test_who_signed_a_child_up_is_reminded_with_it(inside: School) -> None:
    number, key = inside.event()
    for_others.sign_family_up(inside.viewer("mother"), number, key, [inside.number("masha")])
    registration.sign_up(inside.viewer("petya"), number, key)
    starts = db.session.scalar(select(Occurrence.starts_at).where(Occurrence.series_id == number))
    assert starts is not None
    reminders.remind(starts - timedelta(hours=20))
    assert inside.told("mother") == ["Скоро событие, вашего ребёнка ждут"]
    assert inside.told("masha")[1:] == ["Скоро событие, вас ждут"]
    assert inside.told("father") == [], "who did it is told, not every parent"
    relations.part(inside.number("mother"), inside.number("masha"))
    series.cancel(number, key, series.ALL)
    assert len(inside.told("mother")) == 1, "nothing more of a child that is parted"
    assert len(inside.told("masha")) == 3


def test_a_family_sees_its_own_and_nothing_of_others(school: School) -> None:
    with school.app.test_request_context():
        number, key = school.event(title="Вечер сказок")
        for_others.sign_family_up(school.viewer("mother"), number, key, [school.number("masha")])
        tokens = {name: secret_links.make_link(school.number(name)) for name in ("mother", "father")}
        assert [row.name for row, _event, _when in registration.mine(school.viewer("mother"))] == ["Маша"]
        assert registration.of_child(school.viewer("father"), school.number("masha")) == []
    pages = (f"/events/{number}?on={key}", "/events/mine", "/me/children/", "/notices/")
    mother, father = (sign_in(school.app, PARENT, username=name) for name in ("mother", "father"))
    assert all("Вечер сказок" in mother.get(page).text for page in pages[:3])
    assert "Маша" in mother.get(pages[0]).text
    for page in pages:
        assert "Маша" not in father.get(page).text, page
    for page in pages[1:]:
        assert "Вечер сказок" not in father.get(page).text, page
    feeds = {
        name: school.app.test_client().get(f"/events/feeds/person/{token}/mine.ics").text
        for name, token in tokens.items()
    }
    assert "Вечер сказок" in feeds["mother"]
    assert "Вечер сказок" not in feeds["father"]


def test_a_parent_does_it_on_the_pages(school: School) -> None:
    with school.app.test_request_context():
        number, key = school.event(for_whom="pupils", places=1)
        masha = str(school.number("masha"))
    mother = sign_in(school.app, PARENT, username="mother")
    page = f"/events/{number}?on={key}"
    shown = mother.get(page).text
    assert "Маша, 5А" in shown
    assert "Приду и я" not in shown
    sent = {"on": key, "who": masha}
    assert "Записано" in mother.post(f"/events/{number}/sign-up", data=sent, follow_redirects=True).text
    assert 'name="who"' not in mother.get(page).text, "nobody else of the family can come"
    assert (
        "Выберите, кто придёт"
        in mother.post(f"/events/{number}/sign-up", data={"on": key}, follow_redirects=True).text
    )
    with school.app.app_context():
        row = db.session.scalars(select(Registration.id)).one()
    father = sign_in(school.app, PARENT, username="father")
    father.post(f"/events/withdraw/{row}")
    with school.app.app_context():
        assert db.session.scalars(select(Registration.id)).all() == [row]
    mother.post(f"/events/withdraw/{row}")
    with school.app.app_context():
        assert db.session.scalars(select(Registration.id)).all() == []


def test_a_teacher_sees_own_events_and_own_classes(inside: School) -> None:
    number, key = inside.event()
    hosted, its_key = inside.event(host_id=inside.number("oleg"))
    for each, when in ((number, key), (hosted, its_key)):
        registration.sign_up(inside.viewer("petya"), each, when)
        registration.sign_up(inside.viewer("masha"), each, when)
    assert inside.listed("klavdia", number, key) == ["Петя"]
    assert inside.listed("klavdia", hosted, its_key) == ["Петя"]
    assert inside.listed("oleg", hosted, its_key) == ["Маша", "Петя"], "by name"
    assert inside.listed("oleg", number, key) is None
    registration.sign_up(inside.viewer("oleg"), number, key, school_class="7А", seats=2)
    assert inside.listed("oleg", number, key) == ["Олег"], "the class that the teacher signed up"
    assert inside.listed("mother", number, key) is None


def reach(browser: FlaskClient, number: int, key: str) -> list[int]:
    """Return what every page of a list answers."""
    page = f"/events/{number}/people"
    return [
        browser.get(f"{page}?on={key}").status_code,
        browser.get(f"{page}.xlsx?on={key}").status_code,
        browser.post(f"{page}?on={key}", data={"listed": "1", "came-1": "1"}).status_code,
        browser.post(f"{page}/add?on={key}", data={"person": "1"}).status_code,
        browser.post(f"{page}/1/remove?on={key}").status_code,
    ]


def test_every_page_of_a_list_asks_for_the_reader_and_not_for_the_editor(
    school: School, librarian: FlaskClient
) -> None:
    with school.app.test_request_context():
        number, key = school.event()
        hosted, its_key = school.event(host_id=school.number("oleg"))
        draft, draft_key = school.event(host_id=school.number("oleg"), state="draft")
        gone, gone_key = school.event(host_id=school.number("oleg"))
        series.set_archived([gone], archived=True)
    oleg, klavdia = (sign_in(school.app, TEACHER, username=name) for name in ("oleg", "klavdia"))
    assert reach(oleg, number, key) == [403] * 5
    assert reach(oleg, hosted, its_key) == [200, 200, 302, 302, 302]
    assert reach(klavdia, hosted, its_key) == [200, 200, 302, 403, 403]
    for each, when in ((draft, draft_key), (gone, gone_key)):
        assert reach(oleg, each, when) == [404] * 5
        assert reach(librarian, each, when)[:2] == [200, 200]
    assert f"/events/{number}/people" not in oleg.get(f"/events/{number}").text, "no link that is refused"
    assert f"/events/{hosted}/people" in oleg.get(f"/events/{hosted}").text


def test_a_teacher_of_a_class_ticks_that_class_alone(school: School) -> None:
    with school.app.test_request_context():
        number, key = school.event()
        registration.sign_up(school.viewer("petya"), number, key)
        registration.sign_up(school.viewer("masha"), number, key)
        rows = {row.name: row.id for row in db.session.scalars(select(Registration))}
    klavdia = sign_in(school.app, TEACHER, username="klavdia")
    shown = klavdia.get(f"/events/{number}/people?on={key}").text
    assert "Петя" in shown
    assert "Маша" not in shown
    sent = {"listed": [*map(str, rows.values())], **{f"came-{each}": "1" for each in rows.values()}}
    answer = klavdia.post(f"/events/{number}/people?on={key}", data=sent, follow_redirects=True).text
    assert "Пришёл 1 человек" in answer
    assert "Маша" not in answer
    with school.app.app_context():
        came = {row.name: row.came for row in db.session.scalars(select(Registration))}
    assert came == {"Петя": 1, "Маша": None}


def test_lists_name_the_class_and_stand_in_the_order_of_names(school: School, librarian: FlaskClient) -> None:
    with school.app.test_request_context():
        number, key = school.event(places=2)
        accounts.add_user(UserDetails("anya", "Яна Ёлкина", STUDENT, school_class="3в"), PASSWORD)
        accounts.add_user(UserDetails("ada", "Ада", STUDENT, school_class="2Г"), PASSWORD)
        for name in ("petya", "masha", "anya", "ada"):
            registration.sign_up(school.viewer(name), number, key)
    book = load_workbook(io.BytesIO(librarian.get(f"/events/{number}/people.xlsx?on={key}").data))
    rows = [row[:2] for row in book.active.iter_rows(values_only=True)][1:]
    assert rows == [("Маша", "5А"), ("Петя", "1Б"), ("Яна Ёлкина", "3В"), ("Ада", "2Г")], (
        "who waits, in order"
    )
    text = librarian.get(f"/events/{number}/people?on={key}").text
    names = re.findall(r'<th[^>]*scope="row"[^>]*>([^<]+?)\s*<', text)
    assert list(zip(names, re.findall(r"<td[^>]*>(\d+[А-Я])</td>", text), strict=True)) == rows


@pytest.mark.parametrize("who", ["librarian", "oleg"])
def test_somebody_is_put_on_the_list_and_taken_off(school: School, librarian: FlaskClient, who: str) -> None:
    with school.app.test_request_context():
        number, key = school.event(host_id=school.number("oleg"), close_hours=24 * 10, places=1)
        petya, masha = school.number("petya"), school.number("masha")
    browser = librarian if who == "librarian" else sign_in(school.app, TEACHER, username="oleg")
    page = f"/events/{number}/people"
    for asked in ("пет", "1б", "1"):
        shown = browser.get(page, query_string={"on": key, "find": asked}).text
        assert f'name="person" value="{petya}"' in shown, asked
        assert f'name="person" value="{masha}"' not in shown
    put = browser.post(f"{page}/add?on={key}", data={"person": petya}, follow_redirects=True)
    assert "Теперь в списке: Петя" in put.text
    assert 'value="' + str(petya) + '"' not in browser.get(page, query_string={"on": key, "find": "пет"}).text
    browser.post(f"{page}/add?on={key}", data={"person": masha})
    with school.app.app_context():
        rows = {row.name: (row.id, row.waiting) for row in db.session.scalars(select(Registration))}
        assert (rows["Петя"][1], rows["Маша"][1]) == (False, True), "places are counted, however one came"
    browser.post(f"{page}/{rows['Петя'][0]}/remove?on={key}")
    with school.app.test_request_context():
        assert school.told("petya") == ["Вас записали", "Запись отменена"]
        assert school.told("masha") == ["Вас записали в очередь", "Для вас освободилось место"]
        assert [row.name for row in db.session.scalars(select(Registration))] == ["Маша"]


def test_nobody_is_put_where_they_may_not_be(school: School, librarian: FlaskClient) -> None:
    with school.app.test_request_context():
        number, key = school.event(grade_from=5, grade_to=9)
        past, past_key = school.event(days=-3)
        petya, masha = school.number("petya"), school.number("masha")
    page = f"/events/{number}/people"
    told = librarian.post(f"{page}/add?on={key}", data={"person": petya}, follow_redirects=True)
    assert "Петя: " in told.text
    for wrong in ("0", "x", str(10**12), ""):
        assert librarian.post(f"{page}/add?on={key}", data={"person": wrong}).status_code == 302
    with school.app.app_context():
        assert not db.session.scalars(select(Registration)).all()
    librarian.post(f"/events/{past}/people/add?on={past_key}", data={"person": masha})
    with school.app.app_context():
        assert not db.session.scalars(select(Registration)).all(), "what is over is over"
