"""The parts of an activity as its history tells them: a line for each step, material and question. No Flask here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from libhub.api import quizzes
from plugins.crafts.activity_data import MaterialData, StepData
from plugins.crafts.holidays import LABELS
from plugins.crafts.vocabulary import UNITS, USES


def _steps(steps: Sequence[StepData], _all: object) -> str:
    return "\n".join(
        f"{number}. {step.text}" + (f" · ⚠ {step.warning}" if step.warning else "")
        for number, step in enumerate(steps, 1)
    )


def _materials(materials: Sequence[MaterialData], _all: object) -> str:
    return "\n".join(
        ", ".join(
            filter(
                None,
                (
                    each.name,
                    f"{each.amount:g} {UNITS[each.unit]}" if each.amount is not None else "",
                    str(USES[each.use]),
                    each.note,
                    *each.replacements,
                ),
            )
        )
        for each in materials
    )


PARTS: Final[Mapping[str, Callable[[Any, Any], str]]] = {
    "steps": _steps,
    "materials": _materials,
    "questions": lambda some, _all: "\n".join(map(quizzes.stored_in_words, some)),
    "holidays": lambda codes, _all: ", ".join(str(LABELS.get(code, code)) for code in codes),
}
