"""What was changed of an activity: a line for each step, material and question."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, url_for

from libhub.api import History, quizzes
from libhub.api import lazy_gettext as _l
from plugins.crafts import rules
from plugins.crafts.activity_data import ActivityData, MaterialData, StepData
from plugins.crafts.holidays import LABELS
from plugins.crafts.models import Activity
from plugins.crafts.vocabulary import UNITS, USES

blueprint = Blueprint("crafts", __name__, url_prefix="/crafts")


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

History(
    model=Activity,
    permission=rules.EDIT,
    section=_l("Workshop"),
    data=ActivityData,
    data_of=rules.data_of,
    save=rules.save,
    others={"state": lambda activity, state: rules.set_state([activity.id], state)},
    shown=PARTS,
    edit=lambda activity: url_for("crafts.edit", activity_id=activity.id),
).add_to(blueprint)
