"""The Aiken format: a question in a line, answers A. to Z., and ``ANSWER: B``. Plain enough to be typed."""

import re
from typing import Final

from libhub.base.i18n import gettext as _
from libhub.quizzes.questions import InvalidQuestion, Option, Single
from libhub.quizzes.reading import Note, Reading, bounded

_OPTION: Final = re.compile(r"([A-ZА-Я])[.)]\s+(.*)")
_ANSWER: Final = re.compile(r"(?:ANSWER|ОТВЕТ)\s*:\s*(.*)")
_LOOK_ALIKE: Final = str.maketrans("АВСЕКМНОРТХ", "ABCEKMHOPTX")
"""Letters of the Russian keyboard that nobody can tell from the Latin ones."""


class _Draft:
    """A question while its lines are being read."""

    def __init__(self) -> None:
        self.line = 0
        self.text: list[str] = []
        self.options: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self.text or self.options)


def read(text: str) -> Reading:
    """Read a file. The letters of answers may be Russian ones; what will not do is told by its line."""
    questions: list[Single] = []
    problems: list[Note] = []
    draft = _Draft()
    for number, written in enumerate(text.split("\n"), 1):
        line = written.strip()
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if not draft and line:
            draft.line = number
        if answer:
            try:
                questions.append(_finished(draft, answer[1]))
            except InvalidQuestion as error:
                problems.append(Note(number, str(error)))
            draft = _Draft()
        elif option and draft.text:
            letter = option[1].translate(_LOOK_ALIKE)
            if letter in draft.options:
                problems.append(Note(number, _("There are two answers “%(letter)s”.", letter=option[1])))
            draft.options[letter] = option[2]
        elif line and draft.options:
            problems.append(Note(draft.line, _no_answer()))
            draft = _Draft()
            draft.line, draft.text = number, [line]
        elif line:
            draft.text.append(line)
    if draft:
        problems.append(Note(draft.line, _no_answer()))
    return bounded(Reading(tuple(questions), tuple(problems)))


def _no_answer() -> str:
    return _("This question has no line “ANSWER: …” after its answers.")


def _finished(draft: _Draft, letter: str) -> Single:
    if not draft.text:
        raise InvalidQuestion(_("There is no question above this line."))
    known = list(draft.options)
    chosen = letter.strip().rstrip(".)").upper().translate(_LOOK_ALIKE)
    if chosen not in known:
        raise InvalidQuestion(_("There is no answer “%(letter)s” above this line.", letter=letter[:20]))
    options = tuple(Option(text) for text in draft.options.values())
    return Single("\n".join(draft.text), options=options, right=known.index(chosen))
