"""The fixed lists of the calendar: states, who is meant, colours and shapes."""

from typing import Final

from libhub.api import Label
from libhub.api import lazy_gettext as _l

EDIT: Final = "events.edit"
"""The permission of those who write the calendar."""
SEE_PEOPLE: Final = "events.people"
"""The permission of those who may see who comes: not to everything, see ``people.lists``."""

DRAFT: Final = "draft"
PUBLISHED: Final = "published"
MOVED: Final = "moved"
CANCELLED: Final = "cancelled"

STATES: Final[dict[str, Label]] = {
    DRAFT: _l("Draft"),
    PUBLISHED: _l("Announced"),
    MOVED: _l("Moved"),
    CANCELLED: _l("Cancelled"),
}
STATE_MARKS: Final[dict[str, str]] = {DRAFT: "✎", MOVED: "↷", CANCELLED: "✕"}
"""A sign beside the word, so that colour is never the only difference."""

EVERYBODY: Final = "everybody"
PUPILS: Final = "pupils"
PARENTS: Final = "parents"
TEACHERS: Final = "teachers"
FOR_WHOM: Final[dict[str, Label]] = {
    EVERYBODY: _l("For everybody"),
    PUPILS: _l("For pupils"),
    PARENTS: _l("For parents"),
    TEACHERS: _l("For teachers"),
}

COLOURS: Final[dict[str, Label]] = {
    "teal": _l("Teal"),
    "blue": _l("Blue"),
    "violet": _l("Violet"),
    "red": _l("Red"),
    "orange": _l("Orange"),
    "green": _l("Green"),
    "brown": _l("Brown"),
    "grey": _l("Grey"),
}
SHAPES: Final[dict[str, tuple[str, Label]]] = {
    "circle": ("●", _l("Circle")),
    "square": ("■", _l("Square")),
    "triangle": ("▲", _l("Triangle")),
    "diamond": ("◆", _l("Diamond")),
    "star": ("★", _l("Star")),
    "cross": ("✚", _l("Cross")),
    "down": ("▼", _l("Triangle pointing down")),
    "ring": ("○", _l("Ring")),
}

YEAR: Final = "year"
QUARTER: Final = "quarter"
HOLIDAYS: Final = "holidays"
DAY_OFF: Final = "day_off"
PERIODS: Final[dict[str, Label]] = {
    YEAR: _l("School year"),
    QUARTER: _l("Quarter"),
    HOLIDAYS: _l("Holidays"),
    DAY_OFF: _l("Day off"),
}

BIRTHDAY: Final = "birthday"
HAPPENED: Final = "happened"
YEARLY_DAY: Final = "day"
DATE_KINDS: Final[dict[str, Label]] = {
    BIRTHDAY: _l("Somebody's birthday"),
    HAPPENED: _l("Something that happened"),
    YEARLY_DAY: _l("A day of every year"),
}

FIELDS: Final[dict[str, Label]] = {
    "title": _l("Title"),
    "description": _l("What it is"),
    "category_id": _l("Category"),
    "place_id": _l("Place"),
    "place_text": _l("Another place, or which part of it"),
    "occupies": _l("Nothing else can be at this place meanwhile"),
    "organiser": _l("Organiser"),
    "host_id": _l("Answers for it"),
    "for_whom": _l("Meant for"),
    "grade_from": _l("From grade"),
    "grade_to": _l("To grade"),
    "all_day": _l("Whole days, without hours"),
    "starts": _l("Begins"),
    "ends": _l("Ends"),
    "zone": _l("Time zone"),
    "rule": _l("Repeats"),
    "skip_holidays": _l("Not in the holidays and on days off"),
    "excluded": _l("Except on"),
    "added": _l("And also on"),
    "state": _l("State"),
    "registration": _l("People sign up"),
    "places": _l("Number of places"),
    "close_hours": _l("Registration closes, hours before the beginning"),
}
"""What people call what is said of an event."""
