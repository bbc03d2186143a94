"""Two people change one thing: what each changed is kept, and what clashes is for a person to choose."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Plain: TypeAlias = str | int | float | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None
"""A value as JSON knows it."""
Values: TypeAlias = Mapping[str, Plain]
"""What the fields of a form hold, by name."""


@dataclass(frozen=True)
class Merge:
    """How two changes go together.

    :param taken: fields that only the other one changed: theirs holds.
    :param clashes: fields that both changed, each to something else.
    """

    taken: Collection[str]
    clashes: Collection[str]


def merge(was: Values, theirs: Values, mine: Values) -> Merge:
    """Compare what a form was made from, what is there now, and what was typed, field by field.

    A field that the form was not made from (it came with an update) is the typed one's.
    """
    moved = [name for name in mine if name in was and name in theirs and theirs[name] != was[name]]
    return Merge(
        taken=[name for name in moved if mine[name] == was[name]],
        clashes=[name for name in moved if mine[name] != was[name] and mine[name] != theirs[name]],
    )
