"""The fixed lists of the corner: what an activity can be, how hard, for which time and season."""

from typing import Final

from libhub.api import Label
from libhub.api import lazy_gettext as _l

KINDS: Final[dict[str, Label]] = {
    "craft": _l("Craft"),
    "drawing": _l("Drawing"),
    "experiment": _l("Experiment"),
    "quiz": _l("Quiz game"),
    "puzzle": _l("Puzzle"),
    "board_game": _l("Board game"),
    "reading_game": _l("Reading game"),
    "inventor": _l("Story of an inventor"),
}

DIFFICULTIES: Final[dict[int, Label]] = {1: _l("Easy"), 2: _l("Some practice needed"), 3: _l("Hard")}

TIMES: Final[dict[str, Label]] = {
    "10": _l("10 minutes"),
    "20": _l("20 minutes"),
    "40": _l("a lesson (40 minutes)"),
    "90": _l("an hour and a half"),
}
"""What an activity fits into, in minutes: one of 15 minutes fits into 20, 40 and 90."""

SEASONS: Final[dict[str, Label]] = {
    "winter": _l("Winter"),
    "spring": _l("Spring"),
    "summer": _l("Summer"),
    "autumn": _l("Autumn"),
}

USES: Final[dict[str, Label]] = {
    "each": _l("for every child"),
    "once": _l("once for all"),
    "tool": _l("a tool"),
}

UNITS: Final[dict[str, Label]] = {
    "piece": _l("pieces"),
    "sheet": _l("sheets"),
    "gram": _l("grams"),
    "millilitre": _l("millilitres"),
    "centimetre": _l("centimetres"),
    "metre": _l("metres"),
    "teaspoon": _l("teaspoons"),
    "tablespoon": _l("tablespoons"),
    "glass": _l("glasses"),
}

STATES: Final[dict[str, Label]] = {"draft": _l("Draft"), "published": _l("Published")}
WORK_STATES: Final[dict[str, Label]] = {
    "waiting": _l("Waits for the librarian"),
    "approved": _l("Shown"),
    "declined": _l("Declined"),
}
