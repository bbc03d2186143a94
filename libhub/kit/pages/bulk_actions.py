"""What is done to many rows of the librarian's table at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from libhub.base.checked_types import Label
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.published import Published, set_age, set_archived
from libhub.kit.vocabulary import AGES, UNMARKED

ARCHIVED: Final = "archived"
"""The state of the table in which the archive is shown."""
_IN_ARCHIVE: Final[Label] = _l("in the archive")
_OUTSIDE: Final[Label] = _l("not in the archive")


@dataclass(frozen=True)
class Action:
    """Something that is done to many rows.

    ``change`` is given their numbers and the value (empty where there is nothing to choose or write), and returns how many
    it changed, not counting those that were so already; it may raise
    :class:`LibHubError`. ``values`` are what can be chosen, by code; ``writes`` is what a text is called that has to be
    written instead. ``about`` says what it means, where the name does not. ``states``: only there it is offered.

    ``present`` is given a row and returns what it is now, of that which the action changes: one of the ``values``, or
    what people read. A row is changed only while it is what was shown; where there is no ``present``, while nothing at all
    was changed in it.

    ``goes_to``: the endpoint of a page of its own to which the ticked rows are sent instead, by POST as ``id``. ``alone``:
    it opens transactions of its own, and is called when it was seen that the rows are what was shown.
    """

    label: Label
    change: Callable[[Sequence[int], str], int]
    values: Mapping[str, Label] = field(default_factory=dict)
    writes: Label = ""
    about: Label = ""
    states: Callable[[str], bool] = lambda _state: True
    present: Callable[[Any], object] | None = None
    goes_to: str = ""
    alone: bool = False

    def check(self, value: str) -> None:
        """Refuse a value that makes no sense.

        :raises LibHubError: naming what is missing.
        """
        if self.writes and not value.strip(" ,;\t"):
            raise LibHubError(_("Write here: %(what)s.", what=self.writes))
        if self.values and value not in self.values:
            raise LibHubError(_("Choose the new value."))

    def in_words(self, value: str) -> str:
        """Return what will be done."""
        shown = self.values.get(value, value if self.writes else "")
        return str(self.about) or (f"{self.label}: {shown}" if shown else str(self.label))

    def label_of(self, value: object) -> str:
        """Return how a present value is shown."""
        return str(self.values.get(str(value), value))


def age_actions(
    model: type[Published], change: Callable[[Sequence[int], int], int] | None = None
) -> dict[str, Action]:
    """Return the action that gives rows an age mark.

    :param change: given the numbers and the mark, instead of :func:`set_age`.
    """
    give = change or partial(set_age, model)
    return {
        "age": Action(
            _l("Age mark"),
            lambda numbers, value: give(numbers, int(value)),
            AGES,
            states=lambda state: state != ARCHIVED,
            present=lambda row: UNMARKED if row.age is None else row.age,
        )
    }


def archive_actions(
    model: type[Published], change: Callable[[Sequence[int], bool], int] | None = None
) -> dict[str, Action]:
    """Return the actions that put rows into the archive and take them out.

    :param change: given the numbers and whether they go into it, instead of :func:`set_archived`.
    """
    move = change or (lambda numbers, into: set_archived(model, numbers, archived=into))

    def present(row: Any) -> Label:
        return _IN_ARCHIVE if row.archived_at is not None else _OUTSIDE

    return {
        "archive": Action(
            _l("Put into the archive"),
            lambda numbers, _value: move(numbers, True),
            about=_l(
                "They go to the archive: readers find them neither here nor by search. "
                "Nothing is deleted, and they can be restored."
            ),
            states=lambda state: state != ARCHIVED,
            present=present,
        ),
        "restore": Action(
            _l("Restore from the archive"),
            lambda numbers, _value: move(numbers, False),
            about=_l("They come back, and search finds them again."),
            states=lambda state: state == ARCHIVED,
            present=present,
        ),
    }
