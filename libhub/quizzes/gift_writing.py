"""Writing the GIFT format: what is written here, :func:`libhub.quizzes.gift.read` reads back unchanged."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from libhub.quizzes.checking import right_places
from libhub.quizzes.gift import FIXED_MARK, ORDER_MARK
from libhub.quizzes.questions import Match, Number, Option, Order, Question, Several, Short, Single

_SIGNS: Final = re.compile(r"[\\~=#{}:]|->|^[%\[/>]|\n")
_ESCAPES: Final = {"\n": "\\n", "->": "-\\>"}


def write(questions: Iterable[Question]) -> str:
    """Return a file with these questions."""
    return "\n".join(_block(question) for question in questions)


def _block(question: Question) -> str:
    name = f"::{_escaped(question.name)}::" if question.name else ""
    explanation = f"\t####{_escaped(question.explanation)}\n" if question.explanation else ""
    fixed = isinstance(question, (Single, Several)) and not question.shuffled
    mark = f"{FIXED_MARK}\n" if fixed else ""
    start, answers = "{\n", "".join(f"\t{line}\n" for line in _answers(question))
    if isinstance(question, Order):
        start = f"{{{ORDER_MARK}\n"
    elif isinstance(question, Number):
        start = "{#\n"
    return f"{mark}{name}[plain]{_escaped(question.text)} {start}{answers}{explanation}}}\n"


def _answers(question: Question) -> Iterator[str]:
    if isinstance(question, (Single, Several)):
        right = right_places(question)
        worth = Decimal(100) / len(right)
        for place, option in enumerate(question.options):
            if isinstance(question, Single):
                sign = "=" if place in right else "~"
            else:
                sign = f"~%{worth:.5f}%" if place in right else f"~%-{worth:.5f}%"
            yield sign + _option(option)
    elif isinstance(question, Short):
        yield from (f"={_option(option)}" for option in question.accepted)
    elif isinstance(question, Order):
        yield from map(_escaped, question.items)
    elif isinstance(question, Match):
        yield from (f"={_escaped(left)} -> {_escaped(right)}" for left, right in question.pairs)
        yield from (f"= -> {_escaped(right)}" for right in question.extra)
    elif isinstance(question, Number):
        yield f"={question.value:f}:{question.tolerance:f}"


def _option(option: Option) -> str:
    return _escaped(option.text) + (f"#{_escaped(option.feedback)}" if option.feedback else "")


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda found: _ESCAPES.get(found[0], f"\\{found[0]}"), text)
