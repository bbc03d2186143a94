"""Questions as a page shows them: plain data for ``templates/quizzes.html``, and what its form sends back.

The numbers in the page are those of the *shown* order, so that its source does not give the answer away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from libhub.base.text import parse_number
from libhub.quizzes.checking import (
    MAX_TYPED,
    NOTHING,
    Answer,
    Arrangement,
    Result,
    arrange,
    check,
    right_places,
)
from libhub.quizzes.questions import Match, Number, Order, Question, Several, Short, Single, spelt


class FormData(Protocol):
    """What a form sent: Werkzeug's ``MultiDict``, or anything like it."""

    def get(self, key: str, default: str, /) -> str:
        """Return the first value, or the default."""

    def getlist(self, key: str, /) -> Sequence[str]:
        """Return all values."""


@dataclass(frozen=True)
class Line:
    """An answer to be ticked, or a thing for which a value is to be chosen.

    ``value`` is what its box sends and ``chosen`` whether it is ticked; a thing has the field ``name`` and the
    chosen value in ``given``. ``right`` is None while nothing is told; ``wanted`` is the answer that would be right.
    """

    text: str
    value: str = ""
    name: str = ""
    chosen: bool = False
    given: str = ""
    right: bool | None = None
    wanted: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class Shown:
    """A question ready to be shown: as a form, or with ``result`` as checked."""

    kind: str
    name: str
    text: str
    lines: tuple[Line, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    """Values and texts of each selection, for an order and a match."""
    typed: str = ""
    result: Result | None = None
    solution: tuple[str, ...] = ()
    """What had to be typed."""
    explanation: str = ""
    told: bool = False
    """Whether the right answer is told."""


def as_form(question: Question, *, name: str, seed: int, answer: Answer = NOTHING) -> Shown:
    """Return a question to be answered in a form; ``name`` is the prefix of its fields."""
    order = arrange(question, seed)
    return Shown(
        question.kind,
        name,
        question.text,
        _lines(question, order, name, answer),
        _choices(question, order),
        answer if isinstance(answer, str) else "",
    )


def as_checked(question: Question, *, seed: int, answer: Answer, tell: bool = True) -> Shown:
    """Return a question with its check; ``tell``: also with the right answer and the explanation."""
    order = arrange(question, seed)
    result = check(question, answer)
    solution: tuple[str, ...] = ()
    if tell and isinstance(question, Short):
        solution = tuple(option.text for option in question.accepted)
    elif tell and isinstance(question, Number):
        solution = (spelt(question.value),)
    return Shown(
        question.kind,
        "",
        question.text,
        _lines(question, order, "", answer, result, tell=tell),
        _choices(question, order),
        answer if isinstance(answer, str) else "",
        result,
        solution,
        question.explanation if tell else "",
        tell,
    )


def read_answer(question: Question, form: FormData, *, name: str, seed: int) -> Answer:
    """Return what a form says; what cannot be an answer counts as none."""
    order = arrange(question, seed)
    if isinstance(question, (Single, Several)):
        chosen = {_number(text) for text in form.getlist(name)}
        places = sorted(order.options[place] for place in range(len(order.options)) if place in chosen)
        return tuple(places[:1] if isinstance(question, Single) else places)
    if isinstance(question, (Order, Match)):
        given: list[int | None] = [None] * len(order.options)
        for shown, place in enumerate(order.options):
            target = _number(form.get(f"{name}.{shown}", ""))
            if target is not None and 0 <= target < len(order.targets):
                given[place] = order.targets[target]
        return NOTHING if all(place is None for place in given) else tuple(given)
    return form.get(name, "").strip()[:MAX_TYPED]


def _lines(
    question: Question,
    order: Arrangement,
    name: str,
    answer: Answer,
    result: Result | None = None,
    *,
    tell: bool = False,
) -> tuple[Line, ...]:
    given = () if isinstance(answer, str) else answer
    lines = []
    for shown, place in enumerate(order.options):
        if isinstance(question, (Single, Several)):
            option, chosen = question.options[place], place in given
            told = place in right_places(question) if result and (tell or chosen) else None
            said = option.feedback if result and chosen else ""
            lines.append(Line(option.text, str(shown), name, chosen, right=told, feedback=said))
        elif isinstance(question, (Order, Match)):
            texts = question.items if isinstance(question, Order) else _left(question)
            target = given[place] if place < len(given) else None
            value = str(order.targets.index(target)) if target in order.targets else ""
            lines.append(
                Line(
                    texts[place],
                    name=f"{name}.{shown}",
                    given=value,
                    right=result.parts[place] if result else None,
                    wanted=_wanted(question, place) if tell else "",
                )
            )
    return tuple(lines)


def _left(question: Match) -> tuple[str, ...]:
    return tuple(left for left, _right in question.pairs)


def _wanted(question: Order | Match, place: int) -> str:
    return str(place + 1) if isinstance(question, Order) else question.pairs[place][1]


def _choices(question: Question, order: Arrangement) -> tuple[tuple[str, str], ...]:
    if isinstance(question, Order):
        return tuple((str(place), str(place + 1)) for place in order.targets)
    if isinstance(question, Match):
        return tuple((str(shown), question.targets[place]) for shown, place in enumerate(order.targets))
    return ()


def _number(text: str) -> int | None:
    return parse_number(text)


def chosen_text(shown: Shown, line: Line) -> str:
    """Return what was chosen for a thing, in words; empty for nothing."""
    return dict(shown.choices).get(line.given, "")
