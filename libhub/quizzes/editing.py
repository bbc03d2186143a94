"""The editor of one question: plain rows of a form, and the question that they make.

A page keeps what was typed when it will not do, so what is shown is the rows, never the question.
"""

from dataclasses import dataclass
from typing import Final

from libhub.base.i18n import gettext as _
from libhub.quizzes.checking import right_places
from libhub.quizzes.forms import FormData
from libhub.quizzes.questions import (
    KINDS,
    MAX_OPTIONS,
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
    spelt,
)

SPARE_ROWS: Final = 3
LEAST_ROWS: Final = 4


@dataclass(frozen=True)
class Row:
    """A line of the editor: an answer (or the left side of a pair), what belongs to it, and whether it is right."""

    text: str = ""
    other: str = ""
    right: bool = False


@dataclass(frozen=True)
class Draft:
    """A question as its editor shows it; ``other`` of a row is a remark or the right side of a pair."""

    kind: str
    text: str = ""
    explanation: str = ""
    shuffled: bool = True
    value: str = ""
    tolerance: str = "0"
    rows: tuple[Row, ...] = ()


def draft_of(question: Question) -> Draft:
    """Return a question as the editor shows it."""
    rows: tuple[Row, ...] = ()
    value, tolerance, shuffled = "", "0", True
    if isinstance(question, (Single, Several)):
        right, shuffled = right_places(question), question.shuffled
        rows = tuple(
            Row(option.text, option.feedback, place in right) for place, option in enumerate(question.options)
        )
    elif isinstance(question, Short):
        rows = tuple(Row(option.text, option.feedback) for option in question.accepted)
    elif isinstance(question, Order):
        rows = tuple(map(Row, question.items))
    elif isinstance(question, Match):
        rows = (*(Row(*pair) for pair in question.pairs), *(Row("", text) for text in question.extra))
    else:
        value, tolerance = spelt(question.value), spelt(question.tolerance)
    return with_spare_rows(
        Draft(question.kind, question.text, question.explanation, shuffled, value, tolerance, rows)
    )


def with_spare_rows(draft: Draft) -> Draft:
    """Return the draft with empty rows to type into."""
    used = [row for row in draft.rows if row.text.strip() or row.other.strip()]
    number = min(max(LEAST_ROWS, len(used) + SPARE_ROWS), 2 * MAX_OPTIONS)
    rows = (*used, *(Row() for _number in range(number - len(used))))
    return Draft(
        draft.kind, draft.text, draft.explanation, draft.shuffled, draft.value, draft.tolerance, rows
    )


def read_draft(form: FormData) -> Draft:
    """Return what was typed; an unknown kind becomes the simplest one."""
    kind = form.get("kind", "")
    ticked = set(form.getlist("right"))
    texts, others = form.getlist("row"), form.getlist("other")
    rows = tuple(
        Row(text, others[place] if place < len(others) else "", str(place) in ticked)
        for place, text in enumerate(texts[: 2 * MAX_OPTIONS])
    )
    return with_spare_rows(
        Draft(
            kind if kind in KINDS else Single.kind,
            form.get("text", ""),
            form.get("explanation", ""),
            "shuffled" in form.getlist("options"),
            form.get("value", ""),
            form.get("tolerance", ""),
            rows,
        )
    )


ROW_FIELDS: Final = ("row", "other", "right")
"""Fields of which there is one for each row, where the kind has them."""
_ASKED: Final = {
    Single.kind: ("options", *ROW_FIELDS),
    Several.kind: ("options", *ROW_FIELDS),
    Short.kind: ("row", "other"),
    Order.kind: ("row",),
    Match.kind: ("row", "other"),
    Number.kind: ("value", "tolerance"),
}
"""The fields that the editor has for a kind, beside its text and explanation."""


def sent_of(draft: Draft) -> dict[str, list[str]]:
    """Return the texts that a browser sends for a draft: the opposite of :func:`read_draft`."""
    every = {
        "kind": [draft.kind],
        "text": [draft.text],
        "explanation": [draft.explanation],
        "options": ["shuffled"] if draft.shuffled else [],
        "value": [draft.value],
        "tolerance": [draft.tolerance],
        "row": [row.text for row in draft.rows],
        "other": [row.other for row in draft.rows],
        "right": [str(place) for place, row in enumerate(draft.rows) if row.right],
    }
    return {name: every[name] for name in ("kind", "text", "explanation", *_ASKED[draft.kind])}


def question_of(draft: Draft, name: str = "") -> Question:
    """Return the question that a draft makes.

    :raises InvalidQuestion: something is missing or too much.
    """
    rows = [row for row in draft.rows if row.text.strip() or row.other.strip()]
    texts = (draft.text, draft.explanation, name)
    right = [place for place, row in enumerate(rows) if row.right]
    if draft.kind == Order.kind:
        return Order(*texts, items=tuple(row.text for row in rows))
    if draft.kind == Match.kind:
        return Match(
            *texts,
            pairs=tuple((row.text, row.other) for row in rows if row.text.strip()),
            extra=tuple(row.other for row in rows if not row.text.strip()),
        )
    if draft.kind == Number.kind:
        tolerance = decimal(draft.tolerance or "0")
        return Number(*texts, value=decimal(draft.value), tolerance=tolerance)
    options = tuple(Option(row.text, row.other) for row in rows)
    if draft.kind == Short.kind:
        return Short(*texts, accepted=options)
    if draft.kind == Several.kind:
        return Several(*texts, options=options, right=frozenset(right), shuffled=draft.shuffled)
    if len(right) != 1:
        raise InvalidQuestion(_("Mark the one answer that is right."))
    return Single(*texts, options=options, right=right[0], shuffled=draft.shuffled)
