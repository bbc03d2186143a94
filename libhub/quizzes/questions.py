"""Questions as plain data. Whatever builds one, it is whole: a question that nobody could answer is refused."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Final, TypeAlias

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.text import tidy
from libhub.search.documents import Label

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


def to_dict(question: Question) -> dict[str, Any]:
    """Return a question as JSON knows it: the opposite of :func:`from_dict`."""
    values: dict[str, Any] = {"kind": question.kind}
    for each in fields(question):
        values[each.name] = _plain(getattr(question, each.name))
    return values


def from_dict(data: Any) -> Question:
    """Build a question from what :func:`to_dict` made, or a hostile file contains.

    :raises InvalidQuestion: something is missing, is of another type, or is not known.
    """
    if not isinstance(data, Mapping):
        raise InvalidQuestion(_("A question is described by names and values."))
    kind = data.get("kind")
    made = KINDS.get(kind) if isinstance(kind, str) else None
    if made is None:
        raise InvalidQuestion(
            _("“%(value)s” is not one of: %(known)s.", value=str(kind)[:40], known=", ".join(KINDS))
        )
    names = {each.name for each in fields(made)}
    unknown = set(map(str, data)) - names - {"kind"}
    if unknown:
        raise InvalidQuestion(_("A question has no “%(name)s”.", name=min(unknown)[:40]))
    if "text" not in data:
        raise InvalidQuestion(_("The text is missing."))
    return made(**{name: _reader(made.kind, name)(data[name]) for name in names if name in data})


def _plain(value: Any) -> Any:
    if isinstance(value, Option):
        return {"text": value.text, **({"feedback": value.feedback} if value.feedback else {})}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value


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


# -- reading what was not written by us ---------------------------------------------------------------


def _wrong() -> InvalidQuestion:
    return InvalidQuestion(_("A value of the question has the wrong type."))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong()
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise _wrong()
    return list(value)


def _place(value: Any) -> int:
    if type(value) is not int:
        raise _wrong()
    return value


def _places(value: Any) -> frozenset[int]:
    return frozenset(map(_place, _list(value)))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong()
    return value


def _option(value: Any) -> Option:
    if isinstance(value, str):
        return Option(value)
    if not isinstance(value, Mapping) or not {"text"} <= set(value) <= {"text", "feedback"}:
        raise _wrong()
    return Option(_text(value["text"]), _text(value.get("feedback", "")))


def _options(value: Any) -> tuple[Option, ...]:
    return tuple(map(_option, _list(value)))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, _list(value)))


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = [_texts(each) for each in _list(value)]
    if any(len(pair) != 2 for pair in pairs):
        raise _wrong()
    return tuple((left, right) for left, right in pairs)


_READ: Final[dict[str, Any]] = {
    "text": _text,
    "explanation": _text,
    "name": _text,
    "options": _options,
    "single.right": _place,
    "several.right": _places,
    "shuffled": _flag,
    "items": _texts,
    "pairs": _pairs,
    "extra": _texts,
    "accepted": _options,
    "value": lambda value: decimal(_text(value)),
    "tolerance": lambda value: decimal(_text(value)),
}


def _reader(kind: str, name: str) -> Any:
    return _READ.get(name) or _READ[f"{kind}.{name}"]
