"""Rules of repetition: understood, bounded, refused in words; the same days as another library works out."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from icalendar.prop import vRecur

from libhub.base.errors import LibHubError
from plugins.events.schedule import recurrence
from plugins.events.schedule.recurrence import BadRule, Repeat

TUESDAY = datetime(2026, 9, 1, 15)
END = date(2027, 5, 31)


def days(rule: str, starts: datetime = TUESDAY, **more: object) -> list[str]:
    whole = recurrence.bounded(rule, starts, "Asia/Novosibirsk", END).rule
    found = recurrence.occurrences(starts, whole, all_day=False, **more)  # type: ignore[arg-type]
    return [wall.strftime("%m-%d") for wall in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["09-01", "09-08", "09-15"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU,TH", ["09-01", "09-03", "09-15"]),
        ("FREQ=DAILY;UNTIL=20260903", ["09-01", "09-02", "09-03"]),
        ("FREQ=MONTHLY;BYDAY=-1TU;COUNT=2", ["09-01", "09-29", "10-27"]),
        ("RRULE:freq=weekly;count=2;", ["09-01", "09-08"]),
        ("FREQ=YEARLY;UNTIL=20270901T080000Z", ["09-01", "09-01"]),
    ],
)
def test_rules_are_followed(rule: str, expected: list[str]) -> None:
    assert days(rule) == expected


def test_days_are_left_out_and_added() -> None:
    found = days(
        "FREQ=WEEKLY;COUNT=4",
        excluded=["2026-09-08T15:00"],
        added=["2026-09-30T15:00"],
        days_off=frozenset({date(2026, 9, 15)}),
    )
    assert found == ["09-01", "09-22", "09-30"]


def test_a_rule_without_an_end_ends_with_the_school_year_and_it_is_said() -> None:
    bounded = recurrence.bounded("FREQ=WEEKLY", TUESDAY, "Asia/Novosibirsk", END)
    assert bounded.by_us == END
    assert recurrence.occurrences(TUESDAY, bounded.rule, all_day=False)[-1] == datetime(2027, 5, 25, 15)
    assert recurrence.bounded("FREQ=WEEKLY;UNTIL=20261001", TUESDAY, "UTC", END).by_us is None


def test_an_end_in_utc_is_read_on_the_wall() -> None:
    # 10:00 UTC is 17:00 in Novosibirsk, so the event of that day at 15:00 still belongs to it; 07:00 UTC is 14:00.
    assert days("FREQ=DAILY;UNTIL=20260902T100000Z") == ["09-01", "09-02"]
    assert days("FREQ=DAILY;UNTIL=20260902T070000Z") == ["09-01"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=SECONDLY", "не чаще"),
        ("FREQ=MINUTELY;COUNT=1000", "не чаще"),
        ("INTERVAL=2", "не чаще"),
        ("FREQ=DAILY;COUNT=10000", "9999"),
        ("FREQ=DAILY;COUNT=9999", "500 раз"),
        ("FREQ=DAILY;INTERVAL=0", "9999"),
        ("FREQ=DAILY;BYSECOND=1", "не часть правила"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20261001", "не то и другое"),
        ("FREQ=DAILY;UNTIL=вчера", "не день"),
        ("FREQ=DAILY;UNTIL=20260101", "раньше, чем начинается"),
        ("FREQ=WEEKLY;COUNT=400", "двух лет"),
        ("FREQ=MONTHLY;BYDAY=XX", "не удалось понять"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "никогда"),
        ("FREQ=DAILY;FREQ=DAILY", "не часть правила"),
        ("X" * 10_000, "слишком длинное"),
        ("", "не часть правила"),
    ],
)
def test_bad_rules_are_refused_in_words(app: Flask, rule: str, words: str) -> None:
    with app.app_context(), pytest.raises(BadRule, match=words):
        days(rule)


def test_more_than_five_hundred_times_is_too_often(app: Flask) -> None:
    with app.app_context(), pytest.raises(BadRule, match="500"):
        days("FREQ=DAILY;UNTIL=20280801")
    assert len(days("FREQ=DAILY;UNTIL=20270901")) == 366


def test_nothing_left_is_said(app: Flask) -> None:
    with app.app_context(), pytest.raises(BadRule, match="исключены"):
        days("FREQ=DAILY;COUNT=1", excluded=["2026-09-01T15:00"])


FORMS = st.builds(
    Repeat,
    how=st.sampled_from(["daily", "weekly", "monthly", "monthly_weekday", "yearly"]),
    interval=st.integers(1, 4),
    weekdays=st.lists(st.sampled_from(recurrence.DAYS), unique=True, max_size=7).map(tuple),
    until=st.dates(date(2026, 12, 1), date(2027, 8, 1)),
)
STARTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 30)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@settings(max_examples=60)
@given(repeat=FORMS, starts=STARTS)
def test_the_form_shows_the_rule_that_it_made(repeat: Repeat, starts: datetime) -> None:
    rule = recurrence.rule_of(repeat, starts)
    again = recurrence.repeat_of(rule, starts)
    assert recurrence.rule_of(again, starts) == rule
    assert (again.how, again.interval, again.until) == (repeat.how, repeat.interval, repeat.until)


@settings(max_examples=60)
@given(
    repeat=FORMS,
    starts=STARTS,
    zone=st.sampled_from(["Asia/Novosibirsk", "Europe/Berlin", "America/New_York"]),
)
def test_another_library_works_out_the_same_days(repeat: Repeat, starts: datetime, zone: str) -> None:
    rule = recurrence.bounded(recurrence.rule_of(repeat, starts), starts, zone, END).rule
    begins = recurrence.first(rule, starts)
    ours = recurrence.occurrences(begins, rule, all_day=False)
    parts = recurrence.parts_of(rule)
    until = (
        recurrence.until_of(parts["UNTIL"], zone).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    )
    parts["UNTIL"] = until.strftime("%Y%m%dT%H%M%SZ")
    event = Event()
    event.add("uid", "1")
    event.add("dtstart", begins.replace(tzinfo=ZoneInfo(zone)))
    event.add("rrule", vRecur.from_ical(recurrence.joined(parts)))
    calendar = Calendar()
    calendar.add_component(event)
    found = recurring_ical_events.of(calendar).between(begins - timedelta(days=2), datetime(2027, 9, 1))
    assert sorted(each["dtstart"].dt.replace(tzinfo=None) for each in found) == ours


@settings(max_examples=150)
@given(text=st.text(st.sampled_from("FREQ=WKLYDAIUNTCOB;,-+0123456789TZ \x00Ж"), max_size=60))
def test_no_rule_breaks_anything(text: str) -> None:
    with suppress(LibHubError):
        bounded = recurrence.bounded(text, TUESDAY, "Asia/Novosibirsk", END)
        assert recurrence.occurrences(TUESDAY, bounded.rule, all_day=False)


def test_a_rule_of_another_program_is_kept_as_it_is() -> None:
    assert recurrence.repeat_of("FREQ=MONTHLY;BYMONTHDAY=1,15", TUESDAY).how == "custom"
    assert recurrence.repeat_of("", TUESDAY) == Repeat()
