"""An activity as data, whoever wrote it: a form, a file from another hub, the starter content. No Flask here."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import Any, Final

from libhub.api import AGE_MARKS, Label, LibHubError, ngettext, quizzes, tidy
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts.holidays import HOLIDAYS
from plugins.crafts.vocabulary import DIFFICULTIES, GRADES, KINDS, SEASONS, UNITS, USES

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


@dataclass(frozen=True)
class StepData:
    """One thing to do. ``picture`` is a drawing that the plugin ships with."""

    text: str
    warning: str = ""
    picture: str = ""
    key: str = ""


@dataclass(frozen=True)
class MaterialData:
    """Something that has to be on the table; ``amount`` and ``pack`` are in ``unit``."""

    name: str
    amount: float | None = None
    unit: str = "piece"
    use: str = "each"
    pack: float | None = None
    optional: bool = False
    note: str = ""
    replacements: tuple[str, ...] = ()


@dataclass(frozen=True)
class ActivityData:
    """An activity, already of the right types."""

    title: str
    kind: str = "craft"
    summary: str = ""
    minutes: int = 30
    difficulty: int = 1
    grade_from: int | None = None
    grade_to: int | None = None
    age: int = 0
    techniques: tuple[str, ...] = ()
    holidays: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    safety: str = ""
    related: str = ""
    author: str = ""
    source: str = ""
    licence: str = ""
    drawings: str = ""
    uid: str = ""
    materials: tuple[MaterialData, ...] = ()
    steps: tuple[StepData, ...] = ()
    questions: tuple[dict[str, Any], ...] = ()


class InvalidActivity(LibHubError):
    """Something about an activity will not do: ``problems`` are sentences by the name of the part."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(
            " ".join(f"{FIELDS[name]}: {text}" if name in FIELDS else text for name, text in problems.items())
        )
        self.problems = dict(problems)


def check(data: ActivityData) -> ActivityData:
    """Return the data trimmed and in order; what is empty in lists is left out.

    :raises InvalidActivity: naming every part that will not do.
    """
    problems: dict[str, str] = {}
    texts: dict[str, Any] = {name: tidy(getattr(data, name)).strip() for name in LONGEST}
    for name, most in LONGEST.items():
        if len(texts[name]) > most:
            problems[name] = _("At most %(most)d characters.", most=most)
    if not texts["title"]:
        problems["title"] = _("A title is needed.")
    for name, value, known in (
        ("kind", data.kind, tuple(KINDS)),
        ("difficulty", data.difficulty, tuple(DIFFICULTIES)),
        ("age", data.age, AGE_MARKS),
    ):
        if value not in known:
            problems[name] = _not_one_of(value, known)
    if not 1 <= data.minutes <= MOST_MINUTES:
        problems["minutes"] = _("From %(least)d to %(most)d minutes.", least=1, most=MOST_MINUTES)
    for name, grade in (("grade_from", data.grade_from), ("grade_to", data.grade_to)):
        if grade is not None and grade not in GRADES:
            problems[name] = _("A grade is a number from 1 to 11.")
    if data.grade_from and data.grade_to and data.grade_from > data.grade_to:
        problems["grade_to"] = _("The last grade is before the first one.")
    texts["title"] = _in_one_line(texts["title"])
    lists: dict[str, Any] = {
        name: _listed(getattr(data, name)) for name in ("techniques", "holidays", "seasons")
    }
    for name, codes in (("holidays", tuple(HOLIDAYS)), ("seasons", tuple(SEASONS))):
        for value in lists[name]:
            if value not in codes:
                problems[name] = _not_one_of(value, codes)
    if len(lists["techniques"]) > MOST_TAGS or any(
        len(each) > LONGEST_MATERIAL for each in lists["techniques"]
    ):
        problems["techniques"] = _(
            "At most %(number)d, each of at most %(most)d characters.",
            number=MOST_TAGS,
            most=LONGEST_MATERIAL,
        )
    if data.uid and not _UID.fullmatch(data.uid):
        problems["uid"] = _("The number by which other libraries know this activity is not one.")
    if data.drawings and not _UID.fullmatch(data.drawings):
        problems["drawings"] = _("There are no drawings of this name.")
    materials = _checked_materials(data.materials, problems)
    steps = _checked_steps(data.steps, problems)
    questions = _checked_questions(data.questions, problems)
    if problems:
        raise InvalidActivity(problems)
    return replace(data, **texts, **lists, materials=materials, steps=steps, questions=questions)


def check_complete(data: ActivityData) -> None:
    """Refuse to show readers an activity in which there is nothing to do.

    :raises InvalidActivity: it has neither steps nor questions.
    """
    if not data.steps and not data.questions:
        raise InvalidActivity(
            {"steps": _("There is nothing to do yet: write at least one step or question.")}
        )


def _checked_materials(
    materials: tuple[MaterialData, ...], problems: dict[str, str]
) -> tuple[MaterialData, ...]:
    tidied = [_tidied(material) for material in materials]
    kept = tuple(each for each in tidied if each != MaterialData("", use=each.use, unit=each.unit))
    if len(kept) > MOST_MATERIALS:
        problems["materials"] = _("At most %(most)d materials and tools.", most=MOST_MATERIALS)
        return ()
    for number, material in enumerate(kept, 1):
        problem = _problem_of_material(material)
        if problem:
            problems["materials"] = _("Line %(number)d: %(problem)s", number=number, problem=problem)
            break
    return kept


def _tidied(material: MaterialData) -> MaterialData:
    tool = material.use == "tool"
    return replace(
        material,
        name=_in_one_line(material.name),
        note=_in_one_line(material.note),
        replacements=_listed(material.replacements),
        amount=None if tool else material.amount,
        pack=None if tool else material.pack,
        unit="piece" if tool or material.amount is None else material.unit,
    )


def _problem_of_material(material: MaterialData) -> str:
    if not material.name:
        return _("the name is missing.")
    if any(len(name) > LONGEST_MATERIAL for name in (material.name, *material.replacements)):
        return _("a name has at most %(most)d characters.", most=LONGEST_MATERIAL)
    if len(material.note) > LONGEST_NOTE:
        return _("a note has at most %(most)d characters.", most=LONGEST_NOTE)
    if len(material.replacements) > MOST_TAGS:
        return _("at most %(most)d replacements.", most=MOST_TAGS)
    if material.use not in USES:
        return _not_one_of(material.use, tuple(USES))
    if material.unit not in UNITS:
        return _not_one_of(material.unit, tuple(UNITS))
    for number in (material.amount, material.pack):
        if number is not None and not (isfinite(number) and 0 < number <= MOST_AMOUNT):
            return _("an amount is a number above 0 and up to %(most)d.", most=MOST_AMOUNT)
    return ""


def _checked_steps(steps: tuple[StepData, ...], problems: dict[str, str]) -> tuple[StepData, ...]:
    tidied = [
        replace(step, text=tidy(step.text).strip(), warning=_in_one_line(step.warning)) for step in steps
    ]
    if len(tidied) > MOST_STEPS:
        problems["steps"] = ngettext(
            "%(num)d step is too many: at most %(most)d. Divide the activity into two.",
            "%(num)d steps are too many: at most %(most)d. Divide the activity into two.",
            len(tidied),
            most=MOST_STEPS,
        )
        return ()
    keys: set[str] = set()
    checked = []
    for number, step in enumerate(tidied, 1):
        problem = _problem_of_step(step)
        if problem:
            problems["steps"] = _("Step %(number)d: %(problem)s", number=number, problem=problem)
            break
        key = step.key if _KEY.fullmatch(step.key) and step.key not in keys else secrets.token_hex(5)
        keys.add(key)
        checked.append(replace(step, key=key))
    return tuple(checked)


def _problem_of_step(step: StepData) -> str:
    if not step.text:
        return _("there is no text. Write what to do, or remove the step.")
    if len(step.text) > LONGEST_STEP:
        return _("a step has at most %(most)d characters.", most=LONGEST_STEP)
    if len(step.warning) > LONGEST_WARNING:
        return _("a warning has at most %(most)d characters.", most=LONGEST_WARNING)
    if step.picture and not _PICTURE.fullmatch(step.picture):
        return _("there is no drawing of this name.")
    return ""


def _checked_questions(
    questions: tuple[dict[str, Any], ...], problems: dict[str, str]
) -> tuple[dict[str, Any], ...]:
    if len(questions) > MOST_QUESTIONS:
        problems["questions"] = _("At most %(most)d questions.", most=MOST_QUESTIONS)
        return ()
    checked = []
    for number, question in enumerate(questions, 1):
        try:
            checked.append(quizzes.to_dict(quizzes.from_dict(question)))
        except quizzes.InvalidQuestion as error:
            problems["questions"] = _("Question %(number)d: %(problem)s", number=number, problem=error)
            break
    return tuple(checked)


def _not_one_of(value: object, known: tuple[object, ...]) -> str:
    return _("“%(value)s” is not one of: %(known)s.", value=value, known=", ".join(map(str, known)))


def _in_one_line(text: str) -> str:
    return " ".join(tidy(text).split())


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    tidied = (_in_one_line(value) for value in values)
    return tuple(dict.fromkeys(value for value in tidied if value))


PLAIN_FIELDS: Final = tuple(
    each.name
    for each in fields(ActivityData)
    if each.name not in {"techniques", "holidays", "seasons", "materials", "steps", "questions"}
)
"""The parts of an activity that are one value each, and are columns of its row."""
