"""Questions of quizzes, for every section that asks some: kinds, checking, forms, files. No pages, no tables."""

from libhub.quizzes import aiken, editing, gift, gift_writing
from libhub.quizzes.checking import NOTHING, Answer, Result, answered, check, from_json
from libhub.quizzes.forms import Shown, as_checked, as_form, read_answer
from libhub.quizzes.questions import (
    KINDS,
    LABELS,
    InvalidQuestion,
    Match,
    Number,
    Option,
    Order,
    Question,
    Several,
    Short,
    Single,
)
from libhub.quizzes.reading import Note, Reading, decode
from libhub.quizzes.stored import from_dict, to_dict
from libhub.quizzes.telling import in_words, stored_in_words

__all__ = [
    "KINDS",
    "LABELS",
    "NOTHING",
    "Answer",
    "InvalidQuestion",
    "Match",
    "Note",
    "Number",
    "Option",
    "Order",
    "Question",
    "Reading",
    "Result",
    "Several",
    "Short",
    "Shown",
    "Single",
    "aiken",
    "answered",
    "as_checked",
    "as_form",
    "check",
    "decode",
    "editing",
    "from_dict",
    "from_json",
    "gift",
    "gift_writing",
    "in_words",
    "read_answer",
    "stored_in_words",
    "to_dict",
]
