"""A new school year: all classes up, the last ones out, exceptions, one transaction, and its undoing to the byte."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.classes import class_named
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.accounts.school_class import ClassName
from libhub.base import moments
from libhub.base.audit import AuditEntry
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.kit.seen import StaleView, mark_of
from libhub.people.september.models import Promotion
from libhub.people.september.plan import LEAVES, STAYS, Wishes, letters_of, plan_of
from libhub.people.september.promoting import promote
from libhub.people.september.undoing import in_words, undo, undoing_of
from libhub.plugging import calls
from libhub.plugging.settings import change_settings
from libhub.testing import PASSWORD, run_libhub, sign_in
from plugins.crafts.models import GalleryWork
from plugins.events.models import Event, Occurrence, Registration
from plugins.training.learning.models import Enrolment
from tests.people.school import (
    CLASSES,
    YEAR,
    add_pupil,
    class_names,
    in_september,
    make_school,
    number_of,
    rows_of,
)
from tests.plugins.crafts import factory as crafts
from tests.plugins.training import factory as training

TABLES = ("core_user", "core_class")


@pytest.fixture
def school(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    made = make_school(app)
    in_september(monkeypatch)
    return made


def person(app: Flask, number: int) -> tuple[str, str, bool]:
    with app.app_context():
        user = db.session.get_one(User, number)
        return accounts.class_of(user), user.class_group, user.active


def test_all_classes_go_up_and_the_last_one_leaves(app: Flask, school: dict[str, list[int]]) -> None:
    with app.app_context():
        promotion, plan = promote(Wishes(first=letters_of("а б")))
        assert plan.rising == 3 * (len(CLASSES) - 1)
        assert len(plan.leavers) == 3
        assert promotion.school_year == YEAR
        gone = db.session.scalars(select(SchoolClass).where(SchoolClass.archived_at.is_not(None))).all()
        assert [(each.name, each.school_year) for each in gone] == [("11А", YEAR - 1)]
        assert all(
            each.school_year == YEAR for each in db.session.scalars(select(SchoolClass)) if each not in gone
        )
    assert class_names(app) == {"1А", "1Б", "2А", "2Б", "3А", "4А", "9А", "10А", "10Б", "11А"}
    assert person(app, school["11А"][0]) == ("11А", "", False)
    assert person(app, school["1А"][1]) == ("2А", "1", True)


def test_a_school_may_end_with_the_ninth_grade_and_single_classes_do_otherwise(
    app: Flask, school: dict[str, list[int]]
) -> None:
    with app.app_context():
        change_settings("core", {"last_grade": "9"})
        leaves = {str(step.name) for step in plan_of(Wishes()).steps if step.becomes is None}
        assert leaves == {"9А", "9Б", "10А", "11А"}
    leaving = frozenset({number_of(app, "9Б"), number_of(app, "11А")})
    with app.app_context():
        promote(Wishes(leaving=leaving))
    assert class_names(app) == {"2А", "2Б", "3А", "4А", "9А", "10А", "11А"}
    assert person(app, school["9Б"][0])[2] is False
    assert person(app, school["9А"][0]) == ("10А", "", True)


def test_single_pupils_stay_move_and_leave(app: Flask, school: dict[str, list[int]]) -> None:
    stays, moves, leaves, first = school["9Б"][1], school["2А"][0], school["3А"][1], school["1Б"][0]
    to = number_of(app, "3А")
    wishes = Wishes(first=["Б"], exceptions={stays: STAYS, moves: str(to), leaves: LEAVES, first: STAYS})
    with app.app_context():
        plan = promote(wishes)[1]
        assert {mover.to for mover in plan.movers} == {"9А", "4А", "1Б"}
    assert person(app, stays) == ("9А", "", True)
    assert person(app, moves) == ("4А", "", True)
    assert person(app, leaves) == ("", "", False)
    assert person(app, first) == ("1Б", "", True)


def test_who_stays_in_a_grade_that_will_not_be_there_is_told(
    app: Flask, school: dict[str, list[int]]
) -> None:
    with app.app_context():
        plan = plan_of(Wishes(exceptions={school["1А"][0]: STAYS}))
        assert "Ученик 1А 0" in " ".join(plan.problems)
        with pytest.raises(LibHubError, match="Ученик 1А 0"):
            promote(Wishes(exceptions={school["1А"][0]: STAYS}))
    assert class_names(app) == set(CLASSES)


WISHES = (
    "nothing else",
    "new first classes",
    "exceptions of every kind",
    "a school of nine grades",
)


def wishes_for(app: Flask, which: str, school: dict[str, list[int]]) -> Wishes:
    if which == "new first classes":
        return Wishes(first=["А", "Б", "В"])
    if which == "exceptions of every kind":
        return Wishes(
            first=["А"],
            exceptions={
                school["9Б"][1]: STAYS,
                school["1А"][1]: "made-А",
                school["3А"][1]: LEAVES,
                school["11А"][1]: str(number_of(app, "10А")),
            },
        )
    if which == "a school of nine grades":
        return Wishes(leaving=frozenset(number_of(app, name) for name in ("9А", "9Б", "10А", "11А")))
    return Wishes()


@pytest.mark.parametrize("which", WISHES)
def test_undone_it_is_as_it_was_to_the_byte(app: Flask, school: dict[str, list[int]], which: str) -> None:
    before = rows_of(app, *TABLES)
    wishes = wishes_for(app, which, school)
    with app.app_context():
        number = promote(wishes)[0].id
    assert rows_of(app, *TABLES) != before
    with app.app_context():
        found, said = undo(number)
        assert not found.left
        assert not said
    assert rows_of(app, *TABLES) == before
    with app.app_context():  # and the year can be begun anew
        promote(wishes)
        assert db.session.scalar(select(func.count()).select_from(Promotion)) == 2


def test_what_was_changed_by_hand_since_stays_and_is_told(app: Flask, school: dict[str, list[int]]) -> None:
    mover, leaver, reopened = school["2А"][0], school["11А"][0], school["11А"][1]
    with app.app_context():
        wishes = Wishes(first=["А"], exceptions={mover: str(number_of(app, "3А"))})
        number = promote(wishes)[0].id
        with writing():
            added = add_pupil("Новый Первый", class_named(ClassName(1, "А")).id).id  # type: ignore[union-attr]
            db.session.get_one(User, mover).class_id = number_of(app, "9А")
            db.session.get_one(User, reopened).active = True
            db.session.get_one(User, leaver).name = "Новая Фамилия"
            db.session.get_one(SchoolClass, number_of(app, "10Б")).letter = "Г"
        found, _said = undo(number)
        told = " ".join(in_words(found.left))
        assert "Ученик 2А 0" in told
        assert "Ученик 11А 1" not in told  # it is as it was
        assert list(found.put_away.values()) == ["1А"]
    assert class_names(app) == {"1А", "1Б", "2А", "3А", "8А", "9А", "9Г", "10А", "11А"}
    assert person(app, mover)[0] == "8А"
    assert person(app, leaver) == ("11А", "", True)
    assert person(app, reopened)[2] is True
    assert person(app, added)[0] == "1А"
    with app.app_context():
        assert db.session.get_one(User, leaver).name == "Новая Фамилия"


def test_a_class_in_the_way_is_told_and_nothing_breaks(app: Flask, school: dict[str, list[int]]) -> None:
    with app.app_context():
        number = promote(Wishes())[0].id
        with writing():
            db.session.add(SchoolClass(grade=8, letter="А", school_year=YEAR))
        found, _said = undo(number)
        assert any("9А" in line for line in in_words(found.left))
    assert "8А" in class_names(app)
    assert person(app, school["8А"][0])[0] == "9А"
    assert person(app, school["1А"][0])[0] == "1А"


def test_once_a_year_by_one_librarian_and_only_what_was_seen(
    app: Flask, school: dict[str, list[int]]
) -> None:
    with app.app_context():
        seen = mark_of(plan_of(Wishes()))
        with writing():
            add_pupil("Опоздавший Вася", number_of(app, "11А"))
        with pytest.raises(StaleView):
            promote(Wishes(), seen)
        promote(Wishes(), mark_of(plan_of(Wishes())))
        with pytest.raises(LibHubError, match="2026/27"):
            promote(Wishes())
    assert "11А" in class_names(app)
    assert school


def test_of_two_librarians_at_once_one_begins_it(app: Flask, school: dict[str, list[int]]) -> None:
    def begin() -> str:
        with app.app_context():
            try:
                promote(Wishes())
            except LibHubError as error:
                return str(error)
        return "begun"

    with ThreadPoolExecutor(2) as both:
        said = sorted(each.result() for each in [both.submit(begin) for _press in range(2)])
    assert "2026/27" in "".join(said)
    assert said.count("begun") == 1
    assert person(app, school["1А"][0])[0] == "2А"


def test_it_can_be_undone_for_thirty_days_and_once(
    app: Flask, school: dict[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        number = promote(Wishes())[0].id
        monkeypatch.setattr(
            moments, "clock", lambda: datetime(YEAR, 9, 1, 6, tzinfo=UTC) + timedelta(days=30)
        )
        with pytest.raises(LibHubError, match="30"):
            undo(number)
        monkeypatch.setattr(
            moments, "clock", lambda: datetime(YEAR, 9, 1, 6, tzinfo=UTC) + timedelta(days=29)
        )
        undo(number)
        with pytest.raises(LibHubError):
            undo(number)
    assert class_names(app) == set(CLASSES)
    assert school


def test_leavers_are_signed_out_and_every_change_is_in_the_log(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = make_school(app, each=1)
    with app.app_context():
        details = UserDetails("vasya", "Вася", STUDENT, school_class="11А")
        vasya = accounts.add_user(details, PASSWORD).id
    in_september(monkeypatch)
    browser = app.test_client()
    browser.post("/auth/sign-in", data={"username": "vasya", "password": PASSWORD})
    assert "Вася" in browser.get("/").text
    with app.app_context():
        promote(Wishes())
        told = select(AuditEntry.subject_type, AuditEntry.subject_key).where(AuditEntry.action == "update")
        rows = {tuple(row) for row in db.session.execute(told)}
    assert "Вася" not in browser.get("/").text
    assert ("core_user", str(vasya)) in rows
    assert {key for table, key in rows if table == "core_class"} == {
        str(place + 1) for place in range(len(CLASSES))
    }
    assert school


def test_a_section_that_fails_leaves_everything_as_it_was(
    app: Flask, school: dict[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_of(app, *TABLES)

    def fails(*_arguments: object, **_named: object) -> None:
        raise calls.SectionFailure("the section fails")

    monkeypatch.setattr(calls, "call_installed", fails)
    with app.app_context(), pytest.raises(LibHubError, match="the section fails"):
        promote(Wishes())
    assert rows_of(app, *TABLES) == before
    assert school


# -- what leavers signed up for ---------------------------------------------------------------------------


@pytest.fixture
def meeting(app: Flask) -> int:
    """An event to come with two places."""
    starts = datetime(YEAR, 9, 20, 10, 0)
    with app.app_context(), writing():
        event = Event(
            uid="meeting", title="Встреча", zone="UTC", starts=starts, ends=starts + timedelta(hours=1),
            state="published", registration=True, places=2,
        )  # fmt: skip
        db.session.add(event)
        db.session.flush()
        db.session.add(
            Occurrence(
                series_id=event.id, event_id=event.id, recurrence="20260920T100000",
                starts_at=starts.replace(tzinfo=UTC), ends_at=starts.replace(tzinfo=UTC) + timedelta(hours=1),
                first_day=starts.date(), last_day=starts.date(),
            )
        )  # fmt: skip
        return event.id


def sign_up(app: Flask, series_id: int, user_id: int, *, waiting: bool = False) -> None:
    with app.app_context(), writing():
        name = db.session.get_one(User, user_id).name
        db.session.add(
            Registration(
                series_id=series_id, recurrence="20260920T100000", user_id=user_id, name=name, waiting=waiting
            )
        )


def signed_up(app: Flask) -> dict[int, bool]:
    with app.app_context():
        return {row.user_id: row.waiting for row in db.session.scalars(select(Registration))}


def test_places_of_leavers_become_free_and_come_back_where_there_is_room(
    app: Flask, school: dict[str, list[int]], meeting: int
) -> None:
    leaver, other, stays, waits = *school["11А"][:2], school["8А"][0], school["8А"][1]
    sign_up(app, meeting, leaver)
    sign_up(app, meeting, stays)
    sign_up(app, meeting, other, waiting=True)
    sign_up(app, meeting, waits, waiting=True)
    with app.app_context():
        leavers = [each.user_id for each in plan_of(Wishes()).leavers]
        lines = [line for _id, some in calls.call("leaving_lines", user_ids=leavers) for line in some]
        assert {line.user_id for line in lines} == {leaver, other}
        assert all("Встреча" in line.label for line in lines)
        number = promote(Wishes())[0].id
    assert signed_up(app) == {stays: False, waits: False}
    with app.app_context():
        said = in_words(undo(number)[1])
    assert signed_up(app) == {stays: False, waits: False, other: True}  # who waited waits again
    assert len(said) == 1
    assert "Ученик 11А 0" in said[0]
    assert "Встреча" in said[0]


def test_a_place_that_is_free_comes_back(app: Flask, school: dict[str, list[int]], meeting: int) -> None:
    leaver, reopened = school["11А"][0], school["11А"][1]
    sign_up(app, meeting, leaver)
    sign_up(app, meeting, reopened)
    with app.app_context():
        number = promote(Wishes())[0].id
        assert not signed_up(app)
        undoing = undoing_of(db.session.get_one(Promotion, number))
        assert undoing.back == 3
        assert undo(number)[1] == []
    assert signed_up(app) == {leaver: False, reopened: False}


def test_the_page_of_a_class_says_what_it_is_signed_up_for(
    app: Flask, school: dict[str, list[int]], meeting: int
) -> None:
    for number in school["8А"][:2]:
        sign_up(app, meeting, number)
    librarian = sign_in(app, LIBRARIAN)
    text = librarian.get(f"/admin/classes/{number_of(app, '8А')}").text
    assert "«Встреча», 20.09.2026: 2 ученика (Ученик 8А 0, Ученик 8А 1)" in text
    assert f"/events/{meeting}?on=" in text
    assert "Встреча" not in librarian.get(f"/admin/classes/{number_of(app, '9А')}").text


def test_works_and_courses_of_leavers_are_told(app: Flask, school: dict[str, list[int]]) -> None:
    leaver, other, stays = *school["11А"][:2], school["8А"][0]
    with app.app_context():
        course, _section = training.make_course("Безопасный Интернет")
        activity = crafts.rules.save(crafts.sample("Закладка"), state="published")
        with writing():
            for number in (leaver, leaver, stays):
                db.session.add(GalleryWork(activity_id=activity, user_id=number, state="waiting"))
            db.session.add(GalleryWork(activity_id=activity, user_id=other, state="approved"))
            db.session.add(Enrolment(course_id=course, user_id=other))
            db.session.add(Enrolment(course_id=course, user_id=leaver, completed_at=moments.now()))
    text = sign_in(app, LIBRARIAN).get("/admin/classes/new-year/plan").text
    assert "2 работы ждут одобрения" in text
    assert text.count("ждут одобрения") == 1
    assert text.count("не окончен курс «Безопасный Интернет»") == 1


# -- the command line -------------------------------------------------------------------------------------


def test_the_command_line_says_what_it_would_do_does_it_and_undoes_it(
    app: Flask, instance: Path, as_viewer: Callable[..., object]
) -> None:
    school = make_school(app, each=1)
    before = rows_of(app, *TABLES)
    looked = run_libhub(instance, "users", "promote", "--dry-run")
    assert looked.returncode == 0, looked.stderr
    assert "11А" in looked.stdout
    assert rows_of(app, *TABLES) == before
    done = run_libhub(instance, "users", "promote", "--first", "аб")
    assert done.returncode == 0, done.stderr
    assert class_names(app) == {"1А", "1Б", "2А", "2Б", "3А", "4А", "9А", "10А", "10Б", "11А"}
    twice = run_libhub(instance, "users", "promote")
    assert twice.returncode == 1
    undone = run_libhub(instance, "users", "promote", "--undo")
    assert undone.returncode == 0, undone.stderr
    assert rows_of(app, *TABLES) == before
    assert run_libhub(instance, "users", "promote", "--undo").returncode == 1
    assert school
