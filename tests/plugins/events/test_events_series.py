"""Changing a series: one, this and the following, all; people who signed up go along and are told."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import STUDENT
from libhub.api import now, today
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.kit.validation import Invalid
from libhub.notices.models import Notice
from libhub.testing import PASSWORD
from plugins.events import housekeeping, rooms, rules
from plugins.events.models import Event, Occurrence, Registration
from plugins.events.people import registration
from plugins.events.schedule import occurrences, school_year, series
from plugins.events.schedule.school_year import PeriodData
from plugins.events.schedule.wall_clock import DAY, wall_of


def weekly(factory: ModuleType, times: int = 5, **more: Any) -> tuple[int, list[str]]:
    """Make a weekly event that begins tomorrow; return its number and the names of its occurrences."""
    made = rules.create(factory.event(rule=f"FREQ=WEEKLY;COUNT={times}", registration=True, **more)).event_id
    return made, keys(made)


def keys(series_id: int) -> list[str]:
    query = select(Occurrence.recurrence).where(Occurrence.series_id == series_id)
    return list(db.session.scalars(query.order_by(Occurrence.starts_at)))


def titles(series_id: int) -> list[str]:
    query = select(Event.title).join(Occurrence, Occurrence.event_id == Event.id)
    return list(
        db.session.scalars(query.where(Occurrence.series_id == series_id).order_by(Occurrence.starts_at))
    )


def change(series_id: int, key: str, scope: str, **changes: Any) -> int:
    found = series.find(series_id, key)
    assert found is not None
    return series.save(series_id, key, scope, replace(series.data_of_occurrence(found), **changes)).event_id


def pupil(factory: ModuleType, name: str = "anya") -> Any:
    accounts.add_user(UserDetails(name, name.title(), STUDENT), PASSWORD)
    return factory.viewer_of(name)


def notices() -> list[str]:
    assert not db.session.scalars(select(Notice.text).where(Notice.message.is_(None))).all(), (
        "in one language only"
    )
    return list(db.session.scalars(select(Notice.text).order_by(Notice.id)))


def test_only_this_one_changes(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        number, names = weekly(factory)
        before = rules.get(number).sequence
        change(number, names[1], series.THIS, title="Особая")
        assert titles(number) == ["Встреча", "Особая", "Встреча", "Встреча", "Встреча"]
        assert keys(number) == names
        assert rules.get(number).sequence == before
        (row,) = rules.children(rules.get(number))
        assert row.uid == rules.get(number).uid
        assert row.sequence > before
        change(number, names[1], series.THIS, title="Особая", state="cancelled")
        assert len(rules.children(rules.get(number))) == 1


def test_this_and_the_following_become_a_series_of_their_own(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        number, names = weekly(factory)
        change(number, names[3], series.THIS, title="Особая")
        registration.sign_up(pupil(factory), number, names[2])
        hour = wall_of(names[2]) + timedelta(hours=2)
        new = change(
            number, names[2], series.FOLLOWING, starts=hour, ends=hour + timedelta(hours=1), title="Позже"
        )
        assert new != number
        assert keys(number) == names[:2]
        assert [wall_of(key).hour for key in keys(new)] == [17, 17, 17]
        assert titles(new) == ["Позже", "Особая", "Позже"]
        assert rules.get(new).uid != rules.get(number).uid
        (row,) = db.session.scalars(select(Registration))
        assert (row.series_id, row.recurrence) == (new, keys(new)[0])
        assert len(notices()) == 1, "the time changed, and it was told"


def test_all_of_them_move_and_what_is_special_stays_special(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        number, names = weekly(factory)
        change(number, names[1], series.THIS, title="Особая")
        registration.sign_up(pupil(factory), number, names[1])
        later = wall_of(names[2]) + timedelta(days=1, hours=1)
        change(number, names[2], series.ALL, starts=later, ends=later + timedelta(hours=1), organiser="Клуб")
        moved = [wall_of(key) - wall_of(old) for key, old in zip(keys(number), names, strict=True)]
        assert set(moved) == {timedelta(days=1, hours=1)}
        assert titles(number)[1] == "Особая"
        (row,) = rules.children(rules.get(number))
        assert row.organiser == "Клуб"
        (signed,) = db.session.scalars(select(Registration))
        assert signed.recurrence == keys(number)[1]


def test_a_shift_by_exactly_a_week_keeps_people_apart(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        number, names = weekly(factory)
        anya, boris = pupil(factory), pupil(factory, "boris")
        registration.sign_up(anya, number, names[0])
        registration.sign_up(boris, number, names[1])
        start = wall_of(names[0]) + timedelta(weeks=1)
        change(number, names[0], series.ALL, starts=start, ends=start + timedelta(hours=1))
        signed = {row.user_id: row.recurrence for row in db.session.scalars(select(Registration))}
        assert signed == {anya.user_id: keys(number)[0], boris.user_id: keys(number)[1]}


def test_a_day_is_left_out_and_those_who_signed_up_are_told(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        number, names = weekly(factory)
        registration.sign_up(pupil(factory), number, names[1])
        series.leave_out(number, names[1])
        assert keys(number) == [names[0], *names[2:]]
        assert not list(db.session.scalars(select(Registration)))
        assert notices()[0].startswith("Отменено: «Встреча»")
        once = rules.create(factory.event()).event_id
        with pytest.raises(Invalid, match="только один раз"):
            series.leave_out(once, keys(once)[0])


@pytest.mark.parametrize("scope", [series.FOLLOWING, series.ALL])
def test_cancelling_takes_nothing_else_from_the_day_it_was_done_on(
    quiet: Flask, factory: ModuleType, scope: str
) -> None:
    with quiet.test_request_context():
        number, names = weekly(factory)
        found = series.find(number, names[2])
        assert found is not None
        later = series.data_of_occurrence(found).starts + timedelta(hours=2)
        change(number, names[2], series.THIS, title="Гость", starts=later, ends=later + timedelta(hours=3))
        before = titles(number)
        series.cancel(number, names[2], scope)
        cancelled = db.session.scalars(
            select(Occurrence.series_id).where(Occurrence.recurrence == names[3])
        ).one()
        assert titles(number)[:2] == before[:2]
        assert titles(cancelled)[-3:] == before[2:]
        after = series.find(cancelled, names[3])
        assert after is not None
        assert after.event.state == "cancelled"
        assert after.event.ends - after.event.starts == timedelta(hours=1)
        assert [key for number in sorted({number, cancelled}) for key in keys(number)] == names


def test_a_series_of_single_days_stays_on_them(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        second = (factory.event().starts + DAY * 9).isoformat(timespec="minutes")
        number = rules.create(factory.event(added=(second,))).event_id
        names = keys(number)
        assert names[1:] == [second]
        change(number, second, series.ALL, title="Другое название")
        series.cancel(number, second, series.ALL)
        assert keys(number) == names
        assert titles(number) == ["Другое название"] * 2


@pytest.mark.parametrize("scope", [series.THIS, series.ALL])
def test_cancelled_is_told_and_can_be_taken_back(quiet: Flask, factory: ModuleType, scope: str) -> None:
    with quiet.test_request_context():
        number, names = weekly(factory)
        registration.sign_up(pupil(factory), number, names[1])
        series.cancel(number, names[1], scope)
        states = [row.state for row in (rules.get(number), *rules.children(rules.get(number)))]
        assert "cancelled" in states
        assert [text for text in notices() if text.startswith("Отменено")]
        series.cancel(number, names[1], scope, cancelled=False)
        found = series.find(number, names[1])
        assert found is not None
        assert found.event.state == "published"


def test_moved_says_from_when(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        number = rules.create(factory.event(days=3)).event_id
        old = rules.get(number).starts
        new = old + timedelta(days=1)
        change(number, keys(number)[0], series.ALL, starts=new, ends=new + timedelta(hours=1), state="moved")
        event = rules.get(number)
        assert event.moved_from == occurrences.moment(old, event)
        assert event.sequence == 1


def test_holidays_are_left_out_and_followed_when_they_change(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        first = today() + DAY
        number = rules.create(factory.event(rule="FREQ=DAILY;COUNT=10", skip_holidays=True)).event_id
        assert len(keys(number)) == 10
        school_year.save(PeriodData("holidays", "Каникулы", first + DAY * 2, first + DAY * 4))
        series.refresh_those_that_skip_holidays()
        assert len(keys(number)) == 7
        (period,) = school_year.listing()
        school_year.delete(period.id)
        series.refresh_those_that_skip_holidays()
        assert len(keys(number)) == 10


def test_a_weekly_event_stays_at_its_hour_where_clocks_change(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        starts = datetime(2026, 10, 20, 10)
        values = {"zone": "Europe/Berlin", "starts": starts, "ends": starts + timedelta(hours=1)}
        number = rules.create(factory.event(rule="FREQ=WEEKLY;COUNT=2", **values)).event_id
        moments = db.session.scalars(
            select(Occurrence.starts_at).where(Occurrence.series_id == number).order_by(Occurrence.starts_at)
        ).all()
        assert [moment.hour for moment in moments] == [8, 9], "summer time ends between them"


def test_the_first_day_moves_to_the_first_day_of_the_rule(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        starts = datetime(2026, 12, 1, 15)
        made = rules.create(
            factory.event(
                starts=starts, ends=starts + timedelta(hours=1), rule="FREQ=WEEKLY;BYDAY=TH;COUNT=2"
            )
        )
        assert keys(made.event_id) == ["2026-12-03T15:00", "2026-12-10T15:00"]


def test_without_an_end_the_school_year_is_the_end_and_it_is_said(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        school_year.save(PeriodData("year", "Год", date(2026, 9, 1), date(2027, 5, 31)))
        starts = datetime(2027, 5, 1, 15)
        saved = rules.create(
            factory.event(starts=starts, ends=starts + timedelta(hours=1), rule="FREQ=WEEKLY")
        )
        assert saved.notes == (
            "У повторения не было конца, поэтому оно закончится вместе с учебным годом, 31.05.2027.",
        )
        assert keys(saved.event_id)[-1] == "2027-05-29T15:00"


def test_one_place_one_event(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        room = rooms.save_place("Зал", None)
        first = rules.create(factory.event("Первая", place_id=room)).event_id
        for more in ({}, {"rule": "FREQ=DAILY;COUNT=5"}):
            with pytest.raises(Invalid, match=r"«Зал» занято .*«Первая»"):
                rules.create(factory.event("Вторая", place_id=room, **more))
        rules.create(factory.event("Выставка", place_id=room, occupies=False))
        rules.create(factory.event("Позже", place_id=room, hour=16))
        overlapping = factory.event(
            "Сама с собой",
            days=20,
            place_id=room,
            rule="FREQ=DAILY;COUNT=3",
            ends=factory.event(days=22).starts,
        )
        with pytest.raises(Invalid, match="Сама с собой"):
            rules.create(overlapping)
        series.cancel(first, keys(first)[0], series.ALL)
        second = rules.create(factory.event("Вторая", place_id=room)).event_id
        with pytest.raises(LibHubError, match="Вторая"):
            series.cancel(first, keys(first)[0], series.ALL, cancelled=False)
        series.set_archived([second], archived=True)
        series.cancel(first, keys(first)[0], series.ALL, cancelled=False)
        with pytest.raises(Invalid):
            series.set_archived([second], archived=False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "х" * 201}, "title"),
        ({"ends": datetime(2020, 1, 1)}, "ends"),
        ({"ends": datetime(2099, 1, 1)}, "ends"),
        ({"starts": datetime(1900, 1, 1)}, "starts"),
        ({"zone": "Mars/Olympus"}, "starts"),
        ({"zone": "../etc/passwd"}, "starts"),
        ({"age": 7}, "age"),
        ({"state": "x"}, "state"),
        ({"visibility": "nobody"}, "visibility"),
        ({"grade_from": 9, "grade_to": 5}, "grade_to"),
        ({"grade_from": 12}, "grade_from"),
        ({"places": 0}, "places"),
        ({"close_hours": -1}, "close_hours"),
        ({"category_id": 10_000}, "category_id"),
        ({"place_id": 10_000}, "place_id"),
        ({"rule": "FREQ=SECONDLY"}, "repeat"),
    ],
)
def test_what_will_not_do_is_told_at_its_field(
    quiet: Flask, factory: ModuleType, changes: dict[str, Any], field: str
) -> None:
    with quiet.test_request_context():
        with pytest.raises(Invalid) as caught:
            rules.create(factory.event(**changes))
        assert field in caught.value.problems
        assert db.session.scalar(select(Event.id)) is None


def test_what_is_past_is_told_to_search_once(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        rules.create(factory.event(days=-3))
        rules.create(factory.event(days=3))
        assert [housekeeping.mark_past(now()), housekeeping.mark_past(now())] == [1, 0]


def test_those_who_signed_up_are_told_of_the_archive(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        number, names = weekly(factory)
        registration.sign_up(pupil(factory), number, names[1])
        series.set_archived([number], archived=True)
        series.set_archived([number], archived=False)
        assert [text.split(":")[0] for text in notices()] == ["Отменено", "Событие состоится"]
