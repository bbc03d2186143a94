"""The editor's form: typed texts are kept as they were typed, arranged, and turned into an activity. No Flask here.

Typed values are lists of texts by the name of the field, as a form sends them. A list of rows, such as the
steps, is several lists of one length, so that a row is moved by moving its values.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from libhub.api import Invalid, parse_number
from libhub.api import gettext as _
from plugins.crafts.activity_data import MOST_MATERIALS, MOST_STEPS, ActivityData, MaterialData, StepData

Typed: TypeAlias = dict[str, list[str]]
_TEXTS: Final = ("title", "kind", "summary", "safety", "related", "author", "source", "licence")
_NUMBERS: Final = ("minutes", "difficulty", "age", "grade_from", "grade_to")
_LISTS: Final = ("holidays", "seasons")
STEP: Final = ("step_key", "step_text", "step_warning", "step_picture")
MATERIAL: Final = (
    "material_name",
    "material_amount",
    "material_unit",
    "material_use",
    "material_pack",
    "material_optional",
    "material_note",
    "material_replacements",
)
_ROWS: Final = {"step": STEP, "material": MATERIAL}
_MOST_ROWS: Final = {"step": MOST_STEPS, "material": MOST_MATERIALS}
_EMPTY: Final = {"material_unit": "piece", "material_use": "each", "material_optional": "0"}
_KNOWN: Final = frozenset({*_TEXTS, *_NUMBERS, *_LISTS, "techniques", *STEP, *MATERIAL})
LONGEST_TYPED: Final = 200_000
"""Characters of a whole form; more than that no activity needs."""


def kept(form: Mapping[str, Sequence[str]]) -> Typed:
    """Return what belongs to an activity of what a form sent.

    :raises Invalid: it is longer than any activity.
    """
    typed = {name: list(values) for name, values in form.items() if name in _KNOWN}
    if sum(len(value) for values in typed.values() for value in values) > LONGEST_TYPED:
        raise Invalid({"": _("This is too long for one activity. Divide it into several.")})
    return typed


def typed_of(data: ActivityData) -> Typed:
    """Return an activity as the editor shows it."""
    typed = {name: [_spelt(getattr(data, name))] for name in (*_TEXTS, *_NUMBERS)}
    typed |= {name: list(getattr(data, name)) for name in _LISTS}
    typed["techniques"] = [", ".join(data.techniques)]
    for name in STEP:
        typed[name] = [getattr(step, name.removeprefix("step_")) for step in data.steps]
    for name in MATERIAL:
        part = name.removeprefix("material_")
        typed[name] = [_spelt(getattr(each, part)) for each in data.materials]
    return typed


def _spelt(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)


def data_of(typed: Typed, before: ActivityData) -> ActivityData:
    """Return what was typed as an activity; what the form does not hold stays as it was before.

    :raises Invalid: a number is none.
    """
    problems: dict[str, str] = {}
    values: dict[str, Any] = {name: first(typed, name) for name in _TEXTS}
    values |= {name: tuple(typed.get(name, ())) for name in _LISTS}
    values["techniques"] = _divided(first(typed, "techniques"))
    for name in _NUMBERS:
        values[name] = _whole(first(typed, name), name, problems)
    values["materials"] = tuple(_material(row, number, problems) for number, row in _each(typed, "material"))
    values["steps"] = tuple(
        StepData(row["step_text"], row["step_warning"], row["step_picture"], row["step_key"])
        for _number, row in _each(typed, "step")
        if row["step_text"].strip() or row["step_warning"].strip() or row["step_key"]
    )
    if problems:
        raise Invalid(problems)
    return replace(before, **values)


def first(typed: Typed, name: str) -> str:
    """Return the value of a field that has one."""
    values = typed.get(name)
    return values[0] if values else ""


def rows(typed: Typed, of: str) -> list[dict[str, str]]:
    """Return the rows of a list (``step`` or ``material``), each by the names of its fields."""
    return [row for _number, row in _each(typed, of)]


def _each(typed: Typed, of: str) -> list[tuple[int, dict[str, str]]]:
    names = _ROWS[of]
    length = max((len(typed.get(name, ())) for name in names), default=0)
    columns = {name: _padded(typed.get(name, []), length, _EMPTY.get(name, "")) for name in names}
    return [(place + 1, {name: column[place] for name, column in columns.items()}) for place in range(length)]


def _padded(values: Sequence[str], length: int, empty: str) -> list[str]:
    return [*values, *[empty] * (length - len(values))][:length]


def _whole(text: str, name: str, problems: dict[str, str]) -> int | None:
    if not text.strip():
        if name in {"age", "grade_from", "grade_to"}:
            return None
        problems[name] = _("A whole number is needed.")
        return 0
    try:
        return int(text)
    except ValueError:
        problems[name] = _("A whole number is needed.")
        return 0


def _material(row: Mapping[str, str], number: int, problems: dict[str, str]) -> MaterialData:
    return MaterialData(
        name=row["material_name"],
        amount=_amount(row["material_amount"], number, problems),
        unit=row["material_unit"],
        use=row["material_use"],
        pack=_amount(row["material_pack"], number, problems),
        optional=row["material_optional"] == "1",
        note=row["material_note"],
        replacements=_divided(row["material_replacements"]),
    )


def _amount(text: str, number: int, problems: dict[str, str]) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        problems.setdefault(
            "materials",
            _("Line %(number)d: “%(text)s” is not a number.", number=number, text=text.strip()[:40]),
        )
        return None


def _divided(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace(";", ",").split(",") if part.strip())


def arranged(typed: Typed, what: str) -> Typed:
    """Return the typed values after a button was pressed: ``step:add``, ``step:up:2``, ``material:remove:1``.

    Anything else, also a row that does not exist, changes nothing.
    """
    of, _sign, rest = what.partition(":")
    action, _sign, place = rest.partition(":")
    if of not in _ROWS:
        return typed
    some = rows(typed, of)
    known = parse_number(place)
    number = -1 if known is None else known
    if action == "add" and len(some) < _MOST_ROWS[of]:
        some.append(_new_row(of))
    elif action == "remove" and 0 <= number < len(some):
        del some[number]
    elif action == "up" and 0 < number < len(some):
        some[number - 1], some[number] = some[number], some[number - 1]
    elif action == "down" and 0 <= number < len(some) - 1:
        some[number], some[number + 1] = some[number + 1], some[number]
    return {**typed, **{name: [row[name] for row in some] for name in _ROWS[of]}}


def _new_row(of: str) -> dict[str, str]:
    row = {name: _EMPTY.get(name, "") for name in _ROWS[of]}
    if of == "step":
        row["step_key"] = secrets.token_hex(5)
    return row
