"""How a list is narrowed down: each filter with its values, the condition it sets, and how it is counted. No pages.

A section describes its list once::

    FILTERS = (
        one_of_column("kind", _l("What it is"), KINDS, Resource.kind),
        Filter("grade", _l("Grade"), GRADE_LABELS, lambda chosen: Resource.meant_for(int(min(chosen))), single=True),
    )
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement

from libhub.accounts.viewer import Viewer
from libhub.base.checked_types import Label
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.published import ForGrades, Published
from libhub.kit.vocabulary import AGES, GRADE_LABELS
from libhub.search.current import facet_counts

Chosen: TypeAlias = Mapping[str, frozenset[str]]
"""The values that somebody chose, by the name of the filter; a filter without any is not in it."""
MOST_CHARACTERS: Final = 100
"""Of a value that is not one of a list."""


@dataclass(frozen=True)
class Filter:
    """A way to narrow a list down.

    ``values`` are the labels of what can be chosen, by code; without any, whatever is typed or followed as a link is a
    value. ``condition`` is given the chosen values, at least one. ``single``: one value at a time. ``apart``: the
    section shows it in a way of its own, not among the others. ``typed_as``: the type of the field of the librarian's
    table, where any text is a value.
    """

    name: str
    label: Label
    values: Mapping[str, Label]
    condition: Callable[[frozenset[str]], ColumnElement[bool]]
    single: bool = False
    apart: bool = False
    typed_as: str = "text"

    def known(self, typed: Iterable[str]) -> frozenset[str]:
        """Return those of the typed values that can be chosen."""
        found = [text for text in typed if text in self.values or (not self.values and text)]
        return frozenset(text[:MOST_CHARACTERS] for text in (found[:1] if self.single else found))


@dataclass(frozen=True)
class Sort:
    """An order of a list: what it is called, and the columns that make it; the last one tells any two rows apart."""

    label: Label
    columns: Sequence[Any] = field(default_factory=tuple)


def one_of_column(name: str, label: Label, values: Mapping[Any, Label], column: Any) -> Filter:
    """Return a filter by a column that holds the codes of ``values``; whole numbers are codes, too."""
    codes = {str(code): code for code in values}
    return Filter(
        name,
        label,
        {text: values[code] for text, code in codes.items()},
        lambda chosen: column.in_([codes[text] for text in chosen]),
    )


def age_filter(model: type[Published]) -> Filter:
    """Return a filter by the age mark."""
    return one_of_column("age", _l("Age mark"), {int(age): label for age, label in AGES.items()}, model.age)


def grade_filter(model: type[ForGrades]) -> Filter:
    """Return a filter by one grade: what is meant for it stays."""
    return Filter(
        "grade",
        _l("Grade"),
        GRADE_LABELS,
        lambda chosen: model.meant_for(int(next(iter(chosen)))),
        single=True,
    )


def chosen_of(filters: Sequence[Filter], typed: Mapping[str, Sequence[str]]) -> Chosen:
    """Return what was chosen among what was typed, such as the arguments of an address."""
    found = {each.name: each.known(typed.get(each.name, ())) for each in filters}
    return {name: values for name, values in found.items() if values}


def conditions(filters: Sequence[Filter], chosen: Chosen) -> list[ColumnElement[bool]]:
    """Return the conditions of what was chosen."""
    return [each.condition(chosen[each.name]) for each in filters if each.name in chosen]


def counts(
    section: str, viewer: Viewer, filters: Sequence[Filter], chosen: Chosen
) -> Mapping[str, Mapping[str, int]]:
    """Count the values of every filter among the items that the *other* filters leave.

    The section's documents have a facet of the name of each filter.
    """
    return facet_counts(section, viewer, tuple(each.name for each in filters), chosen)
