"""A question in words, for those who compare it with another: what it asks, and what is right."""

from collections.abc import Mapping
from typing import Any

from libhub.quizzes.questions import Match, Number, Order, Question, Several, Short, Single
from libhub.quizzes.stored import from_dict


def in_words(question: Question) -> str:
    """Return what a question asks, its answers in brackets; right ones have a tick, an order is told by numbers."""
    answers = " · ".join(_answers(question))
    return " ".join(
        part for part in (question.text, f"({answers})" if answers else "", question.explanation) if part
    )


def _answers(question: Question) -> list[str]:
    match question:
        case Single(options=options, right=right):
            return [f"✓ {each.text}" if place == right else each.text for place, each in enumerate(options)]
        case Several(options=options, right=rights):
            return [f"✓ {each.text}" if place in rights else each.text for place, each in enumerate(options)]
        case Order(items=items):
            return [f"{place}. {text}" for place, text in enumerate(items, 1)]
        case Match(pairs=pairs, extra=extra):
            return [*(f"{left} — {right}" for left, right in pairs), *extra]
        case Short(accepted=accepted):
            return [f"✓ {each.text}" for each in accepted]
        case Number(value=value, tolerance=tolerance):
            return [f"✓ {value:f} ± {tolerance:f}" if tolerance else f"✓ {value:f}"]


def stored_in_words(stored: Mapping[str, Any] | None) -> str:
    """Return a question in words that is stored as :func:`~libhub.quizzes.stored.to_dict` says; nothing for none."""
    return in_words(from_dict(stored)) if stored else ""
