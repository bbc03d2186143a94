"""Reading the GIFT format, by the documentation of Moodle, which made it.

A file is blocks between empty lines; a block is ``::name:: text {answers}``, lines that begin with ``//`` are
remarks. What the hub has no kind for is left out and told by its line; what is read only nearly as it was meant
is told as well. :mod:`libhub.quizzes.gift_writing` writes what is read here unchanged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from libhub.base.i18n import gettext as _
from libhub.quizzes.questions import (
    MAX_NAME,
    InvalidQuestion,
    Match,
    Number,
    Option,
    Order,
    Question,
    Several,
    Short,
    Single,
    decimal,
)
from libhub.quizzes.reading import Note, Reading, bounded

ORDER_MARK: Final = ">"
"""Begins the answers of an order, one to a line: a notation of the hub's own, GIFT has none."""
ESCAPED: Final = "\\~=#{}:%[>/"
"""Signs that a backslash makes ordinary ones; the last four only matter in some places."""
FIXED_MARK: Final = "// libhub: keep the order of the answers"
"""A remark to other programs; here it says that the answers are not to be shuffled."""
_HIDDEN: Final = 0xF0000
"""An escaped sign is kept as a private character until the text has been taken apart."""
_ESCAPE = re.compile(rf"\\([{re.escape(ESCAPED)}n])")
_FORMAT = re.compile(r"\[(?:moodle|html|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
_TRUE_FALSE = re.compile(r"(T|TRUE|F|FALSE)\s*(?:#(.*))?", re.S)
_TAG = re.compile(r"<[a-zA-Z/][^>]{0,200}>")
FULL: Final = Decimal(100)


@dataclass(frozen=True)
class _Block:
    """The lines of one question, remarks left out and escapes hidden; ``lines`` are their numbers in the file."""

    text: str
    lines: tuple[int, ...]
    fixed: bool

    def line_at(self, offset: int) -> int:
        """Return the number of the file's line at an offset of the text."""
        return self.lines[self.text.count("\n", 0, offset)]


@dataclass(frozen=True)
class _Part:
    """One answer: its sign (= or ~), weight in percent, text and feedback, with escapes still hidden."""

    sign: str
    weight: Decimal | None
    text: str
    feedback: str


class _Reader:
    def __init__(self) -> None:
        self.notes: list[Note] = []

    def question(self, block: _Block) -> Question | None:
        """Return the question of a block; None for what is only an instruction to the importing program."""
        text = block.text
        if text.startswith("$CATEGORY:"):
            return None
        start, end = text.find("{"), text.find("}")
        if start < 0 and end < 0:
            raise _At(0, _("There is no question here: the answers between { and } are missing."))
        if start < 0 or 0 <= end < start:
            raise _At(max(end, 0), _("There is a } without a { before it."))
        if end < 0:
            raise _At(start, _("The { of the answers is not closed by a }. No empty line may stand between."))
        if text.find("{", start + 1) >= 0:
            second = text.find("{", start + 1)
            raise _At(second, _("There is a second {. Write \\{ where a brace belongs to the text."))
        if text.find("}", end + 1) >= 0:
            raise _At(text.find("}", end + 1), _("There is a } without a { before it."))
        name, asked = _name_and_text(text[:start], text[end + 1 :])
        answers, explanation = _explanation(text[start + 1 : end].strip())
        try:
            return self._build(block, block.line_at(start), (asked, explanation, name), answers)
        except InvalidQuestion as error:
            raise _At(start, str(error)) from error

    def _build(self, block: _Block, line: int, written: tuple[str, str, str], answers: str) -> Question:
        self._note_tags(line, written[0])
        asked, explanation, name = map(_shown, written)
        texts = (asked, explanation, name[:MAX_NAME])
        if not answers:
            raise InvalidQuestion(
                _("A question with a free answer cannot be checked by a program: make a task of it.")
            )
        if answers.startswith(ORDER_MARK):
            items = [_shown(each) for each in answers[1:].split("\n") if each.strip()]
            return Order(*texts, items=tuple(items))
        if answers.startswith("#"):
            return self._number(line, texts, answers[1:])
        truth = _TRUE_FALSE.fullmatch(answers)
        if truth:
            return _true_false(texts, truth)
        parts = list(_parts(answers))
        if any(part.sign == "~" for part in parts):
            return self._choice(line, texts, parts, shuffled=not block.fixed)
        if all("->" in part.text for part in parts):
            return _match(texts, parts)
        if any("->" in part.text for part in parts):
            raise InvalidQuestion(_("Some of the answers are pairs with -> and some are not."))
        return self._short(line, texts, parts)

    def _choice(
        self, line: int, texts: tuple[str, str, str], parts: list[_Part], *, shuffled: bool
    ) -> Single | Several:
        options = tuple(Option(_shown(part.text), _shown(part.feedback)) for part in parts)
        full = [place for place, part in enumerate(parts) if part.sign == "="]
        partly = [place for place, part in enumerate(parts) if part.sign == "~" and (part.weight or 0) > 0]
        if len(full) == 1:
            if partly:
                self._note(line, _("Answers that are worth a part of the mark count as wrong."))
            return Single(*texts, options=options, right=full[0], shuffled=shuffled)
        if full:
            self._note(line, _("Several answers are marked with =; here all of them have to be chosen."))
        elif len({parts[place].weight for place in partly}) > 1:
            self._note(line, _("The right answers have different weights; here they all weigh the same."))
        return Several(*texts, options=options, right=frozenset(full + partly), shuffled=shuffled)

    def _short(self, line: int, texts: tuple[str, str, str], parts: list[_Part]) -> Short:
        whole = [part for part in parts if part.weight is None or part.weight == FULL]
        if len(whole) < len(parts):
            self._note(line, _("Answers that are worth a part of the mark count as wrong."))
        if any("*" in part.text for part in whole):
            self._note(line, _("The sign * is taken as it stands; here it does not mean “anything”."))
        accepted = tuple(Option(_shown(part.text), _shown(part.feedback)) for part in whole)
        return Short(*texts, accepted=accepted)

    def _number(self, line: int, texts: tuple[str, str, str], answers: str) -> Number:
        right, _separator, wrong = answers.partition("~")
        parts = list(_parts(right)) if "=" in right else [_Part("=", None, *_feedback(right))]
        whole = [part for part in parts if part.weight is None or part.weight == FULL]
        if len(whole) > 1:
            raise InvalidQuestion(_("A number can have one right value only, with a tolerance."))
        if not whole:
            raise InvalidQuestion(_("The right number is missing."))
        if len(parts) > 1 or wrong or whole[0].feedback:
            self._note(line, _("Of the answers only the right number was taken, without the remarks."))
        value, tolerance = _range(_shown(whole[0].text))
        return Number(*texts, value=value, tolerance=tolerance)

    def _note_tags(self, line: int, asked: str) -> None:
        if _TAG.search(asked):
            self._note(line, _("The text contains HTML; here it is shown as it is written."))

    def _note(self, line: int, text: str) -> None:
        self.notes.append(Note(line, text))


class _At(Exception):
    """A problem at an offset of a block."""

    def __init__(self, offset: int, text: str) -> None:
        super().__init__(text)
        self.offset = offset


def read(text: str) -> Reading:
    """Read a file; every block that will not do is told by its line, and the rest is read."""
    reader = _Reader()
    questions: list[Question] = []
    problems: list[Note] = []
    for block in _blocks(text):
        try:
            question = reader.question(block)
        except _At as error:
            problems.append(Note(block.line_at(error.offset), str(error)))
        else:
            if question is not None:
                questions.append(question)
    return bounded(Reading(tuple(questions), tuple(problems), tuple(reader.notes)))


def _blocks(text: str) -> Iterator[_Block]:
    lines: list[tuple[int, str]] = []
    fixed = False
    for number, line in enumerate((*text.split("\n"), ""), 1):
        if line.lstrip().startswith("//"):
            fixed = fixed or line.strip() == FIXED_MARK
        elif line.strip():
            lines.append((number, _ESCAPE.sub(_hide, line.strip())))
        elif lines:
            numbers, written = zip(*lines, strict=True)
            yield _Block("\n".join(written), numbers, fixed)
            lines, fixed = [], False


def _hide(escaped: re.Match[str]) -> str:
    return chr(_HIDDEN + ord("\n" if escaped[1] == "n" else escaped[1]))


def _shown(text: str) -> str:
    """Return a text as people read it: format mark gone, escapes resolved."""
    bare = _FORMAT.sub("", text.strip(), count=1) if _FORMAT.match(text.strip()) else text
    return "".join(
        chr(ord(char) - _HIDDEN) if _HIDDEN <= ord(char) < _HIDDEN + 128 else char for char in bare
    ).strip()


def _name_and_text(before: str, after: str) -> tuple[str, str]:
    name, text = "", before
    if before.startswith("::"):
        name, separator, rest = before[2:].partition("::")
        if not separator:
            raise _At(0, _("The name of the question is not closed by ::."))
        text = rest
    return name, f"{text}_____{after}" if after.strip() else text


def _explanation(answers: str) -> tuple[str, str]:
    before, separator, after = answers.rpartition("####")
    return (before.strip(), after) if separator else (answers, "")


def _parts(answers: str) -> Iterator[_Part]:
    pieces = re.split(r"([=~])", answers)
    if pieces[0].strip():
        raise InvalidQuestion(_("Each answer begins with = (right) or ~ (wrong)."))
    for sign, written in zip(pieces[1::2], pieces[2::2], strict=True):
        weight = _WEIGHT.match(written.lstrip())
        text = written.lstrip()[weight.end() :] if weight else written
        yield _Part(sign, Decimal(weight[1]) if weight else None, *_feedback(text))


def _feedback(text: str) -> tuple[str, str]:
    before, _separator, after = text.partition("#")
    return before, after


def _true_false(texts: tuple[str, str, str], truth: re.Match[str]) -> Single:
    wrong, _separator, right = (truth[2] or "").partition("#")
    true = truth[1].startswith("T")
    said = (right, wrong) if true else (wrong, right)
    options = (Option(_("True"), _shown(said[0])), Option(_("False"), _shown(said[1])))
    return Single(*texts, options=options, right=0 if true else 1, shuffled=False)


def _match(texts: tuple[str, str, str], parts: list[_Part]) -> Match:
    pairs = [part.text.partition("->") for part in parts]
    return Match(
        *texts,
        pairs=tuple((_shown(left), _shown(right)) for left, _arrow, right in pairs if left.strip()),
        extra=tuple(_shown(right) for left, _arrow, right in pairs if not left.strip()),
    )


def _range(text: str) -> tuple[Decimal, Decimal]:
    """Read ``value``, ``value:tolerance`` or ``low..high``."""
    low, dots, high = text.partition("..")
    if dots:
        first, last = decimal(low), decimal(high)
        return (first + last) / 2, (last - first) / 2
    value, _colon, tolerance = text.partition(":")
    return decimal(value), decimal(tolerance) if tolerance.strip() else Decimal(0)
