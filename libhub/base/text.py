"""Texts that people type, made fit to be stored."""

import re
from typing import Final

_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def tidy(text: str) -> str:
    """Return the text with one kind of line end and without signs that no table or page can show."""
    return _UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return the text in one line, tidy, with one space between the words."""
    return " ".join(tidy(text).split())
