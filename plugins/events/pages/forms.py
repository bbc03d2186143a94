"""Forms of the calendar: what was typed becomes clean data, and every problem stands at its field."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from wtforms import BooleanField, DateField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Optional

from libhub.api import Form, Invalid, Label, fields
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events import rules
from plugins.events.rules import EventData
from plugins.events.schedule import recurrence
from plugins.events.schedule.agenda import Choices
from plugins.events.schedule.recurrence import Repeat
from plugins.events.schedule.wall_clock import DAY, key_of, wall_of
from plugins.events.vocabulary import FOR_WHOM, STATES

_HOW: Final[dict[str, Label]] = {
    "": _l("does not repeat"),
    "daily": _l("by days"),
    "weekly": _l("by weeks"),
    "monthly": _l("by months, on this date"),
    "monthly_weekday": _l("by months, on this weekday"),
    "yearly": _l("by years"),
    "custom": _l("as it is (a rule of another program)"),
}
_WEEKDAYS: Final[dict[str, Label]] = {
    "MO": _l("Mon"),
    "TU": _l("Tue"),
    "WE": _l("Wed"),
    "TH": _l("Thu"),
    "FR": _l("Fri"),
    "SA": _l("Sat"),
    "SU": _l("Sun"),
}
_FIELD_OF: Final = {"starts": "first_day", "ends": "end_time", "repeat": "how"}
"""The field at which a problem of the domain is told, where the names differ."""
USUAL_LENGTH: Final = timedelta(hours=1)


class EventForm(Form):
    """An event as the librarian edits it. Lengths, places and rules are the domain's business."""

    title = StringField(_l("Title"))
    description = TextAreaField(_l("What it is"), render_kw={"rows": 6})
    category_id = fields.select(_l("Category"), {}, coerce=fields.number_or_none)
    all_day = BooleanField(_l("Whole days, without hours"))
    first_day = DateField(_l("First day"), [InputRequired(_l("A day is needed."))])
    start_time = TimeField(_l("Begins at"), [Optional()])
    last_day = fields.optional_day(_l("Last day"))
    end_time = TimeField(_l("Ends at"), [Optional()])
    how = fields.select(_l("Repeats"), _HOW)
    interval = fields.optional_number(_l("Every … days, weeks, months"), default=1)
    weekdays = fields.tick_boxes(_l("On these weekdays"), _WEEKDAYS)
    until = fields.optional_day(_l("Repeats until"))
    skip_holidays = BooleanField(_l("Not in the holidays and on days off"))
    excluded = StringField(_l("Except on"))
    added = StringField(_l("And also on"))
    place_id = fields.select(_l("Place"), {}, coerce=fields.number_or_none)
    place_text = StringField(_l("Another place, or which part of it"))
    occupies = BooleanField(_l("Nothing else can be at this place meanwhile"))
    organiser = StringField(_l("Organiser"))
    host_id = fields.select(_l("Answers for it"), {}, coerce=fields.number_or_none)
    for_whom = fields.select(_l("Meant for"), FOR_WHOM)
    grade_from = fields.grade(_l("From grade"))
    grade_to = fields.grade(_l("To grade"))
    age = fields.age_mark(or_none=True)
    visibility = fields.visibility()
    registration = BooleanField(_l("People sign up"))
    places = fields.optional_number(_l("Number of places"))
    close_hours = fields.optional_number(_l("Registration closes, hours before the beginning"), default=0)
    state = fields.select(_l("State"), STATES)

    def offer(self, choices: Choices) -> None:
        """Fill in the categories and places that there are."""
        none = {"": _l("none")}
        hosts = {person.id: person.name for person in rules.hosts(self.host_id.object_data)}
        self.host_id.choices = fields.choices({"": _l("the librarian")} | hosts)
        self.category_id.choices = fields.choices(
            none | {number: f"{sign} {name}" for number, name, _colour, sign in choices.categories}
        )
        self.place_id.choices = fields.choices(none | dict(choices.places))

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Put each problem at its field; those of moments at the fields that stand for them."""
        super().show_problems({_FIELD_OF.get(name, name): text for name, text in problems.items()})

    def data_with(self, before: EventData) -> EventData:
        """Return what was typed; what the form does not show stays as it was.

        :raises Invalid: a list of days holds something else, or the hour is missing.
        """
        whole = bool(self.all_day.data)
        first = self.first_day.data
        starts, ends = self._times(whole, first)
        repeat = Repeat(
            self.how.data, max(1, self.interval.data or 1), tuple(self.weekdays.data or ()), self.until.data
        )
        rule = before.rule if repeat.how == "custom" else recurrence.rule_of(repeat, starts)
        days: dict[str, tuple[str, ...]] = {}
        problems: dict[str, str] = {}
        for name in ("excluded", "added"):
            try:
                days[name] = keys_from(self[name].data or "", starts.time(), all_day=whole)
            except ValueError as error:
                problems[name] = str(error)
        if problems:
            raise Invalid(problems)
        return fields.typed_data(
            self, EventData, starts=starts, ends=ends, zone=before.zone, rule=rule, **days
        )

    def _times(self, whole: bool, first: date) -> tuple[datetime, datetime]:
        last = self.last_day.data or first
        if whole:
            return datetime.combine(first, time()), datetime.combine(last, time()) + DAY
        if self.start_time.data is None:
            raise Invalid({"start_time": _("Write the hour, or tick “whole days”.")})
        starts = datetime.combine(first, self.start_time.data)
        if self.end_time.data is None and self.last_day.data in (None, first):
            return starts, starts + USUAL_LENGTH
        return starts, datetime.combine(last, self.end_time.data or self.start_time.data)


_DAY_FORMATS: Final = ("%d.%m.%Y", "%Y-%m-%d")


def keys_from(text: str, hour: time, *, all_day: bool) -> tuple[str, ...]:
    """Return the names of the occurrences on the days that were typed with commas between them.

    :raises ValueError: with a sentence, for something that is no day.
    """
    found = set()
    for piece in filter(None, re.split(r"[,;\s]+", text)):
        for pattern in _DAY_FORMATS:
            try:
                day = datetime.strptime(piece, pattern).date()
            except ValueError:
                continue
            found.add(key_of(datetime.combine(day, hour), all_day=all_day))
            break
        else:
            raise ValueError(
                _("“%(value)s” is not a day such as 12.12.2026; write commas between days.", value=piece[:40])
            )
    return tuple(sorted(found))


def values_of(data: EventData) -> dict[str, Any]:
    """Return an event as the form shows it."""
    repeat = recurrence.repeat_of(data.rule, data.starts)
    last = data.ends - DAY if data.all_day else data.ends
    return {
        **vars(data),
        "first_day": data.starts.date(),
        "start_time": None if data.all_day else data.starts.time(),
        "last_day": last.date() if last.date() != data.starts.date() else None,
        "end_time": None if data.all_day else data.ends.time(),
        "how": repeat.how,
        "interval": repeat.interval,
        "weekdays": list(repeat.weekdays),
        "until": repeat.until,
        "excluded": days_in_words(data.excluded),
        "added": days_in_words(data.added),
    }


def days_in_words(keys: tuple[str, ...]) -> str:
    """Return the days that occurrences of these names have, with commas between them."""
    return ", ".join(wall_of(key).strftime("%d.%m.%Y") for key in keys)


_SOME_DAY: Final = datetime(2026, 9, 1)
"""Stands for the first day where the log says nothing of it."""


def rule_in_words(rule: str, data: EventData) -> str:
    """Return how something repeats, as the form says it; what the form cannot say is told as it is written."""
    repeat = recurrence.repeat_of(rule, data.starts or _SOME_DAY)
    if repeat.how == "custom":
        return rule
    words = [str(_HOW[repeat.how]), *(str(_WEEKDAYS[day]) for day in repeat.weekdays)]
    if repeat.interval > 1:
        words.append(_("every %(number)d", number=repeat.interval))
    if repeat.until:
        words.append(_("until %(day)s", day=repeat.until.strftime("%d.%m.%Y")))
    return ", ".join(words)
