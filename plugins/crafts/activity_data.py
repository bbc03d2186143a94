"""An activity as data, whoever wrote it: a form, a file from another hub, the starter content. No Flask here."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Self

from libhub.api import (
    AgeMarkOrNone,
    Data,
    Grade,
    Invalid,
    Label,
    LibHubError,
    Listed,
    Must,
    OneLine,
    OneOf,
    Rule,
    SomeOf,
    Text,
    Within,
    grades_in_order,
    ngettext,
    quizzes,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts.holidays import HOLIDAYS
from plugins.crafts.vocabulary import DIFFICULTIES, KINDS, SEASONS, UNITS, USES

MOST_STEPS: Final = 60
MOST_MATERIALS: Final = 60
MOST_TAGS: Final = 20
MOST_QUESTIONS: Final = 60
MOST_MINUTES: Final = 600
LONGEST: Final = {
    "title": 200,
    "summary": 300,
    "safety": 2_000,
    "related": 3_000,
    "author": 200,
    "source": 300,
    "licence": 200,
}
"""Texts of an activity and how many characters each may have."""
LONGEST_STEP: Final = 3_000
LONGEST_WARNING: Final = 500
LONGEST_MATERIAL: Final = 100
LONGEST_NOTE: Final = 200
MOST_AMOUNT: Final = 100_000

FIELDS: Final[dict[str, Label]] = {
    "title": _l("Title"),
    "kind": _l("Kind"),
    "summary": _l("What comes out"),
    "minutes": _l("Minutes"),
    "difficulty": _l("Difficulty"),
    "grade_from": _l("From grade"),
    "grade_to": _l("To grade"),
    "age": _l("Age mark"),
    "techniques": _l("Techniques"),
    "holidays": _l("For which holidays"),
    "seasons": _l("Seasons"),
    "safety": _l("Safety"),
    "related": _l("Books and sites"),
    "author": _l("Author"),
    "source": _l("Source"),
    "licence": _l("Licence"),
    "materials": _l("Materials and tools"),
    "steps": _l("Steps"),
    "questions": _l("Questions"),
}
"""What people call the parts of an activity."""

_KEY: Final = re.compile(r"[a-z0-9]{1,20}")
_PICTURE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,70}\.svg")
_UID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


_NAME_TOO_LONG: Final = _l("a name has at most %(most)d characters.", most=LONGEST_MATERIAL)
_NO_AMOUNT: Final = _l("an amount is a number above 0 and up to %(most)d.", most=MOST_AMOUNT)


def _is_amount(number: float) -> bool:
    return 0 < number <= MOST_AMOUNT


@dataclass(frozen=True)
class Row(Data):
    """A row of a list, such as a step."""

    def is_empty(self) -> bool:
        """Say whether nothing was written into it, so that it is left out."""
        return False


@dataclass(frozen=True)
class StepData(Row):
    """One thing to do. ``picture`` is a drawing that the plugin ships with."""

    text: Annotated[
        str,
        Text(LONGEST_STEP, 0, _l("a step has at most %(most)d characters.", most=LONGEST_STEP)),
        Must(bool, _l("there is no text. Write what to do, or remove the step.")),
    ]
    warning: Annotated[
        str,
        OneLine(LONGEST_WARNING, 0, _l("a warning has at most %(most)d characters.", most=LONGEST_WARNING)),
    ] = ""
    picture: Annotated[
        str,
        Must(
            lambda name: not name or bool(_PICTURE.fullmatch(name)), _l("there is no drawing of this name.")
        ),
    ] = ""
    key: str = ""


@dataclass(frozen=True)
class MaterialData(Row):
    """Something that has to be on the table; ``amount`` and ``pack`` are in ``unit``."""

    name: Annotated[str, OneLine(LONGEST_MATERIAL, 0, _NAME_TOO_LONG), Must(bool, _l("the name is missing."))]
    amount: Annotated[float | None, Must(_is_amount, _NO_AMOUNT)] = None
    unit: Annotated[str, OneOf(UNITS)] = "piece"
    use: Annotated[str, OneOf(USES)] = "each"
    pack: Annotated[float | None, Must(_is_amount, _NO_AMOUNT)] = None
    optional: bool = False
    note: Annotated[
        str, OneLine(LONGEST_NOTE, 0, _l("a note has at most %(most)d characters.", most=LONGEST_NOTE))
    ] = ""
    replacements: Annotated[
        tuple[str, ...],
        Listed(),
        Must(lambda names: all(len(name) <= LONGEST_MATERIAL for name in names), _NAME_TOO_LONG),
        Must(lambda names: len(names) <= MOST_TAGS, _l("at most %(most)d replacements.", most=MOST_TAGS)),
    ] = ()

    def tidied(self) -> Self:
        """Say nothing of how much of a tool; what has no amount has no unit."""
        clean = super().tidied()
        if clean.use == "tool":
            clean = replace(clean, amount=None, pack=None)
        return clean if clean.amount is not None else replace(clean, unit="piece")

    def is_empty(self) -> bool:
        """Say whether it says no more than how it would be used."""
        return self == type(self)("", use=self.use, unit=self.unit)


@dataclass(frozen=True)
class Rows(Rule):
    """Rows of a list, without the empty ones; ``says`` names the row, ``too_many`` tells how many there may be."""

    most: int
    says: Label
    too_many: Callable[[int], str]

    def tidied(self, value: Any) -> Any:
        """Tidy each row."""
        if not (isinstance(value, tuple) and all(isinstance(row, Row) for row in value)):
            return value
        return tuple(clean for row in value if not (clean := row.tidied()).is_empty())

    def judged(self, value: Any) -> Any:
        """Refuse all for the first row that will not do."""
        if len(value) > self.most:
            raise LibHubError(self.too_many(len(value)))
        checked = []
        for number, row in enumerate(value, 1):
            try:
                checked.append(row.checked())
            except Invalid as error:
                problem = next(iter(error.problems.values()))
                raise LibHubError(str(self.says) % {"number": number, "problem": problem}) from error
        return tuple(checked)


class Steps(Rows):
    """Steps, each with a key of its own by which its picture is found."""

    def judged(self, value: Any) -> Any:
        """Give a key to each that has none."""
        keys: set[str] = set()
        keyed = []
        for step in super().judged(value):
            usable = _KEY.fullmatch(step.key) and step.key not in keys
            keyed.append(step if usable else replace(step, key=secrets.token_hex(5)))
            keys.add(keyed[-1].key)
        return tuple(keyed)


class Questions(Rule):
    """Questions as they are stored."""

    def judged(self, value: Any) -> Any:
        """Refuse all for the first one that is none."""
        if len(value) > MOST_QUESTIONS:
            raise LibHubError(_("At most %(most)d questions.", most=MOST_QUESTIONS))
        checked = []
        for number, question in enumerate(value, 1):
            try:
                checked.append(quizzes.to_dict(quizzes.from_dict(question)))
            except quizzes.InvalidQuestion as error:
                raise LibHubError(
                    _("Question %(number)d: %(problem)s", number=number, problem=error)
                ) from error
        return tuple(checked)


def _too_many_materials(_number: int) -> str:
    return _("At most %(most)d materials and tools.", most=MOST_MATERIALS)


def _too_many_steps(number: int) -> str:
    return ngettext(
        "%(num)d step is too many: at most %(most)d. Divide the activity into two.",
        "%(num)d steps are too many: at most %(most)d. Divide the activity into two.",
        number,
        most=MOST_STEPS,
    )


def _is_uid(text: str) -> bool:
    return not text or bool(_UID.fullmatch(text))


@dataclass(frozen=True, kw_only=True)
class ActivityData(Data):
    """An activity as the editor, a file from another hub or the starter content describes it."""

    called = FIELDS

    title: Annotated[str, OneLine(LONGEST["title"]), Must(bool, _l("A title is needed."))]
    summary: Annotated[str, Text(LONGEST["summary"])] = ""
    safety: Annotated[str, Text(LONGEST["safety"])] = ""
    related: Annotated[str, Text(LONGEST["related"])] = ""
    author: Annotated[str, Text(LONGEST["author"])] = ""
    source: Annotated[str, Text(LONGEST["source"])] = ""
    licence: Annotated[str, Text(LONGEST["licence"])] = ""
    kind: Annotated[str, OneOf(KINDS)] = "craft"
    difficulty: Annotated[int, OneOf(DIFFICULTIES)] = 1
    age: AgeMarkOrNone = None
    minutes: Annotated[int, Within(1, MOST_MINUTES, _l("From %(least)d to %(most)d minutes."))] = 30
    grade_from: Grade = None
    grade_to: Grade = None
    holidays: Annotated[tuple[str, ...], Listed(), SomeOf(HOLIDAYS)] = ()
    seasons: Annotated[tuple[str, ...], Listed(), SomeOf(SEASONS)] = ()
    techniques: Annotated[
        tuple[str, ...],
        Listed(),
        Must(
            lambda names: len(names) <= MOST_TAGS and all(len(name) <= LONGEST_MATERIAL for name in names),
            _l(
                "At most %(number)d, each of at most %(most)d characters.",
                number=MOST_TAGS,
                most=LONGEST_MATERIAL,
            ),
        ),
    ] = ()
    uid: Annotated[
        str, Must(_is_uid, _l("The number by which other libraries know this activity is not one."))
    ] = ""
    drawings: Annotated[str, Must(_is_uid, _l("There are no drawings of this name."))] = ""
    materials: Annotated[
        tuple[MaterialData, ...],
        Rows(MOST_MATERIALS, _l("Line %(number)d: %(problem)s"), _too_many_materials),
    ] = ()
    steps: Annotated[
        tuple[StepData, ...], Steps(MOST_STEPS, _l("Step %(number)d: %(problem)s"), _too_many_steps)
    ] = ()
    questions: Annotated[tuple[dict[str, Any], ...], Questions()] = ()

    def conflicts(self) -> Mapping[str, str]:
        """Refuse grades in the wrong order."""
        return grades_in_order(self.grade_from, self.grade_to)


def check_complete(data: ActivityData) -> None:
    """Refuse to show readers an activity in which there is nothing to do.

    :raises Invalid: it has neither steps nor questions.
    """
    if not data.steps and not data.questions:
        raise Invalid(
            {"steps": _("There is nothing to do yet: write at least one step or question.")}, FIELDS
        )
