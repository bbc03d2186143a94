"""Questions as plain data. Whatever builds one, it is whole: a question that nobody could answer is refused."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Final, TypeAlias

from libhub.base.checked_types import Label
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.text import tidy

MAX_TEXT: Final = 4_000
MAX_OPTION: Final = 1_000
MAX_OPTIONS: Final = 20
MAX_NAME: Final = 200
_HIDING: Final = re.compile(r"[\U000f0000-\U000f007f]")
"""Private characters that stand for escaped ones while a GIFT file is taken apart; no text has them of its own."""


class InvalidQuestion(LibHubError):
    """A question will not do; the message says what is wrong with it."""


@dataclass(frozen=True)
class Option:
    """One of the answers, and what is said to those who chose it."""

    text: str
    feedback: str = ""

    def __post_init__(self) -> None:
        """Trim the texts and refuse what is empty or too long."""
        _put(self, "text", _checked(self.text, MAX_OPTION))
        _put(self, "feedback", _checked(self.feedback, MAX_OPTION, empty=True))


@dataclass(frozen=True)
class _Asked:
    """What every question has. ``explanation`` is shown to everybody once the answer was given."""

    text: str
    explanation: str = ""
    name: str = ""

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        """Trim the texts, then check what only this kind has."""
        _put(self, "text", _checked(self.text, MAX_TEXT))
        _put(self, "explanation", _checked(self.explanation, MAX_TEXT, empty=True))
        _put(self, "name", " ".join(_checked(self.name, MAX_NAME, empty=True).split()))
        self._check()

    def _check(self) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Single(_Asked):
    """One of several answers is right; ``right`` is its place."""

    options: tuple[Option, ...] = ()
    right: int = 0
    shuffled: bool = True

    kind: ClassVar[str] = "single"

    def _check(self) -> None:
        _check_options(self.options, least=2)
        if not 0 <= self.right < len(self.options):
            raise InvalidQuestion(_("Mark the answer that is right."))


@dataclass(frozen=True)
class Several(_Asked):
    """Some of the answers are right; ``right`` are their places."""

    options: tuple[Option, ...] = ()
    right: frozenset[int] = frozenset()
    shuffled: bool = True

    kind: ClassVar[str] = "several"

    def _check(self) -> None:
        _check_options(self.options, least=2)
        if not self.right or not self.right <= set(range(len(self.options))):
            raise InvalidQuestion(_("Mark the answers that are right."))


@dataclass(frozen=True)
class Order(_Asked):
    """Things to be put in order; ``items`` stand in the right one."""

    items: tuple[str, ...] = ()

    kind: ClassVar[str] = "order"

    def _check(self) -> None:
        _put(self, "items", _distinct(self.items, least=2))


@dataclass(frozen=True)
class Match(_Asked):
    """Things and what belongs to each; ``extra`` belongs to none of them."""

    pairs: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()

    kind: ClassVar[str] = "match"

    def _check(self) -> None:
        left = _distinct((pair[0] for pair in self.pairs), least=2)
        right = tuple(_checked(pair[1], MAX_OPTION) for pair in self.pairs)
        _put(self, "pairs", tuple(zip(left, right, strict=True)))
        extra = dict.fromkeys(_checked(text, MAX_OPTION) for text in self.extra)
        _put(self, "extra", tuple(text for text in extra if text not in right))
        if len(self.targets) < 2:
            raise InvalidQuestion(_("All of them belong to the same: there is nothing to choose."))
        if len(self.extra) > MAX_OPTIONS:
            raise InvalidQuestion(_("At most %(most)d answers.", most=MAX_OPTIONS))

    @property
    def targets(self) -> tuple[str, ...]:
        """What can be chosen, each once."""
        return tuple(dict.fromkeys((*(right for _left, right in self.pairs), *self.extra)))


@dataclass(frozen=True)
class Short(_Asked):
    """A word or a few to be typed; each of ``accepted`` is right."""

    accepted: tuple[Option, ...] = ()

    kind: ClassVar[str] = "short"

    def _check(self) -> None:
        _check_options(self.accepted, least=1)


@dataclass(frozen=True)
class Number(_Asked):
    """A number to be typed; as far from ``value`` as ``tolerance`` it still is right."""

    value: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)

    kind: ClassVar[str] = "number"

    def _check(self) -> None:
        if self.tolerance < 0:
            raise InvalidQuestion(_("The tolerance cannot be less than zero."))
        for number in (self.value, self.tolerance):
            decimal(f"{number:f}")


Question: TypeAlias = Single | Several | Order | Match | Short | Number

KINDS: Final[dict[str, type[Question]]] = {
    each.kind: each for each in (Single, Several, Order, Match, Short, Number)
}
LABELS: Final[dict[str, Label]] = {
    "single": _l("One right answer"),
    "several": _l("Several right answers"),
    "order": _l("Put in order"),
    "match": _l("Find the pairs"),
    "short": _l("A short answer"),
    "number": _l("A number"),
}


def decimal(text: str) -> Decimal:
    """Read a number as people write it: 1 000,5 or 1000.5.

    :raises InvalidQuestion: it is no number, or of a size that nobody means.
    """
    written = re.sub(r"[\s_]", "", text).replace(",", ".").replace("−", "-")
    try:
        number = Decimal(written)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(written) > 40 or abs(number.adjusted()) > 30:
        raise InvalidQuestion(_("“%(text)s” is not a number.", text=text[:40]))
    return number


def spelt(number: Decimal) -> str:
    """Return a number as it is written in Russian."""
    return f"{number:f}".replace(".", ",")


def _put(instance: object, name: str, value: object) -> None:
    object.__setattr__(instance, name, value)


def _checked(text: str, most: int, *, empty: bool = False) -> str:
    clean = _HIDING.sub("", tidy(text)).strip()
    if not clean and not empty:
        raise InvalidQuestion(_("A text is missing."))
    if len(clean) > most:
        raise InvalidQuestion(_("At most %(most)d characters.", most=most))
    return clean


def _distinct(texts: Iterable[str], least: int) -> tuple[str, ...]:
    clean = tuple(_checked(text, MAX_OPTION) for text in texts)
    if len(clean) < least:
        raise InvalidQuestion(_("At least %(least)d answers are needed.", least=least))
    if len(clean) > MAX_OPTIONS:
        raise InvalidQuestion(_("At most %(most)d answers.", most=MAX_OPTIONS))
    if len(set(clean)) < len(clean):
        raise InvalidQuestion(_("Two of the answers are the same."))
    return clean


def _check_options(options: tuple[Option, ...], least: int) -> None:
    _distinct((option.text for option in options), least)
