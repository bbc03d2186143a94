"""Texts that people type, made fit to be stored."""

import re
from collections.abc import Mapping
from typing import Any, Final

_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def tidy(text: str) -> str:
    """Return the text with one kind of line end and without signs that no table or page can show."""
    return _UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return the text in one line, tidy, with one space between the words."""
    return " ".join(tidy(text).split())


def tidied(value: Any) -> Any:
    """Return a value with every text in it tidy: in lists, tuples and mappings, too. Anything else stays as it is."""
    if isinstance(value, str):
        return value if value.isprintable() else tidy(value)
    if isinstance(value, (list, tuple)):
        some = [tidied(each) for each in value]
        return some if isinstance(value, list) else tuple(some)
    if isinstance(value, Mapping):
        return {tidied(name): tidied(each) for name, each in value.items()}
    return value
