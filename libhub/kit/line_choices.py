"""What was chosen for the lines of an import that wait for a choice."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from libhub.base.checked_types import Label
from libhub.kit.importing import Line, Report

LINES: Final = "lines"
"""Under what name an import gets it among what was typed."""


@dataclass(frozen=True)
class Kind:
    """The lines of a kind; ``options`` are those that all of them offer, to be chosen for all at once."""

    name: str
    label: Label
    lines: Sequence[Line]
    options: Sequence[tuple[str, str]]


def chosen(typed: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values that were chosen, by the parts of the lines."""
    return json.loads(typed[LINES]) if typed.get(LINES) else {}


def picked(report: Report, form: Mapping[str, str]) -> str | None:
    """Return what a form chose for the lines of a report, as it is kept; None where nothing waits for a choice.

    A choice for a line counts more than one for all of its kind, and values that were not offered count nothing.
    """
    waiting = [line for line in report.lines if line.options]
    if not waiting:
        return None
    found = {}
    for line in waiting:
        values = [form.get(f"line-{line.part}", ""), form.get(f"all-{line.kind}", "")]
        offered = {value for value, _label in line.options}
        found[line.part] = next((value for value in values if value in offered), "")
    return json.dumps({part: value for part, value in found.items() if value}, ensure_ascii=False)


def by_kind(report: Report, kinds: Mapping[str, Label]) -> list[Kind]:
    """Return the lines of a report by their kinds."""
    found = []
    for name, label in kinds.items():
        lines = [line for line in report.lines if line.kind == name]
        if lines:
            common = [option for option in lines[0].options if all(option in line.options for line in lines)]
            found.append(Kind(name, label, lines, common if len(lines) > 1 else ()))
    return found
