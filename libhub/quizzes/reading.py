"""What reading a file of questions gives: the questions, and what is to be said of the lines of the file."""

from dataclasses import dataclass
from typing import Final

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.quizzes.questions import Question

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_QUESTIONS: Final = 500


@dataclass(frozen=True)
class Note:
    """Something about a line of the file (counted from 1)."""

    line: int
    text: str


@dataclass(frozen=True)
class Reading:
    """Questions of a file; ``problems`` were left out, ``notes`` were read otherwise than they are written."""

    questions: tuple[Question, ...]
    problems: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()


def decode(data: bytes) -> str:
    """Return the text of a file that a word processor or a notepad wrote.

    :raises LibHubError: it is too large, or no text.
    """
    if len(data) > MAX_BYTES:
        raise LibHubError(_("The file is too large: at most %(most)d MB.", most=MAX_BYTES // 1024**2))
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise LibHubError(
        _("This is not a text file. Save it as plain text, best in UTF-8, and choose it again.")
    )


def bounded(reading: Reading) -> Reading:
    """Pass a reading of a sensible size on.

    :raises LibHubError: there are more questions than anybody could look through.
    """
    if len(reading.questions) > MAX_QUESTIONS:
        raise LibHubError(_("More than %(most)d questions: divide the file.", most=MAX_QUESTIONS))
    return reading
