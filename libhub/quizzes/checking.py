"""Is the answer right, and how much of it? The same rules for every quiz of the hub."""

import random
import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from libhub.quizzes.questions import (
    InvalidQuestion,
    Match,
    Number,
    Order,
    Question,
    Several,
    Short,
    Single,
    decimal,
)
from libhub.search.language.russian import clean, fold

Answer: TypeAlias = tuple[int | None, ...] | str
"""What was answered, in the question's own numbering, as JSON knows it too.

Typed text for :class:`Short` and :class:`Number`; the places of the chosen options for :class:`Single` (none or one)
and :class:`Several`; for :class:`Order` the chosen place of each item, for :class:`Match` the chosen target of each
left side, ``None`` where nothing was chosen.
"""
NOTHING: Final[Answer] = ()
MAX_TYPED: Final = 1_000
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_BETWEEN = re.compile(r"[^\w+#%-]+|(?<!\S)-(?!\S)")


@dataclass(frozen=True)
class Result:
    """``share`` is how much of the answer is right, from 0 to 1; ``said`` are the remarks to what was chosen.

    ``parts`` says of each line of an order or a match whether it is right.
    """

    right: bool
    share: float
    said: tuple[str, ...] = ()
    parts: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Arrangement:
    """The order in which a question is shown: places of its options or items, and of a match's targets."""

    options: tuple[int, ...] = ()
    targets: tuple[int, ...] = ()


def arrange(question: Question, seed: int) -> Arrangement:
    """Shuffle what may be shuffled; the same seed gives the same order, in every process and every year."""
    dice = random.Random(seed)  # noqa: S311 - shuffles answers, guards nothing
    if isinstance(question, (Single, Several)):
        places = list(range(len(question.options)))
        if question.shuffled:
            dice.shuffle(places)
        return Arrangement(tuple(places))
    if isinstance(question, Order):
        places = list(range(len(question.items)))
        while places == sorted(places):  # the right order would be no task
            dice.shuffle(places)
        return Arrangement(tuple(places), tuple(range(len(places))))
    if isinstance(question, Match):
        targets = list(range(len(question.targets)))
        dice.shuffle(targets)
        return Arrangement(tuple(range(len(question.pairs))), tuple(targets))
    return Arrangement()


def normal(text: str) -> str:
    """Return a typed answer without what makes no difference: capitals, ё, quotation marks, dots, spaces."""
    plain = _DASHES.sub("-", fold(clean(text)))
    kept = _BETWEEN.sub(" ", plain).split()
    return " ".join(kept or plain.split())


def answered(question: Question, answer: Answer) -> bool:
    """Say whether everything that the question asks for was given."""
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(question, (Order, Match)):
        return bool(answer) and None not in answer
    return bool(answer)


def from_json(value: Any) -> Answer:
    """Read an answer that was stored as JSON."""
    return value if isinstance(value, str) else tuple(value)


def check(question: Question, answer: Answer) -> Result:
    """Say whether an answer is right and how much of it; an answer of another kind is wrong, not an error."""
    if isinstance(question, (Short, Number)):
        return _check_typed(question, answer if isinstance(answer, str) else "")
    places = () if isinstance(answer, str) else answer
    if isinstance(question, (Single, Several)):
        return _check_choice(question, places)
    if isinstance(question, Order):
        wanted: tuple[int, ...] = tuple(range(len(question.items)))
    else:
        wanted = tuple(question.targets.index(right) for _left, right in question.pairs)
    given = (*places, *(None,) * len(wanted))
    parts = tuple(given[place] == target for place, target in enumerate(wanted))
    return Result(all(parts), sum(parts) / len(parts), (), parts)


def right_places(question: Single | Several) -> frozenset[int]:
    """Return the places of the options that are right."""
    return question.right if isinstance(question, Several) else frozenset({question.right})


def _check_choice(question: Single | Several, places: tuple[int | None, ...]) -> Result:
    chosen = {place for place in places if place is not None and 0 <= place < len(question.options)}
    said = tuple(question.options[place].feedback for place in sorted(chosen))
    right = right_places(question)
    hits = len(chosen & right) - len(chosen - right)  # marking everything is worth nothing
    share = 1.0 if chosen == right else max(0.0, hits / len(right))
    if isinstance(question, Single):
        share = float(chosen == right)
    return Result(chosen == right, share, tuple(filter(None, said)))


def _check_typed(question: Short | Number, typed: str) -> Result:
    if isinstance(question, Number):
        try:
            right = abs(decimal(typed) - question.value) <= question.tolerance
        except InvalidQuestion:
            right = False
        return Result(right, float(right))
    wanted = normal(typed[:MAX_TYPED])
    for option in question.accepted:
        if normal(option.text) == wanted:
            return Result(True, 1.0, (option.feedback,) if option.feedback else ())
    return Result(False, 0.0)
