"""Questions as they are stored: plain data out, and in again with every part of the right type."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from libhub.base.i18n import gettext as _
from libhub.quizzes.questions import KINDS, InvalidQuestion, Option, Question, decimal


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
