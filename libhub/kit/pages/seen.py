"""Forms that bear a mark of what they show (``ui.seen(…)``), and what is done with them only while it is so."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, request

from libhub.base.checked_types import Label
from libhub.base.db import writing
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.seen import CHANGED, FIELD, mark_of, refuse_stale

_Done = TypeVar("_Done")
TYPED_STAYS: Final[Label] = _l(
    "Somebody saved this in the meantime. What you typed is still here: look at what is there now, "
    "and save once more if yours shall take its place."
)


def init_app(app: Flask) -> None:
    """Give the templates the mark of what they show."""
    app.jinja_env.globals["mark_of"] = mark_of


def as_seen(present: Callable[[], object], change: Callable[[], _Done], told: Label = CHANGED) -> _Done:
    """Change something while it is what the form of this request was made from, in one transaction.

    :param present: returns what it is now, as the template gave it to ``ui.seen()``; called inside ``writing()``.
    :param told: what the person is told else.
    :raises StaleView: it is otherwise by now; nothing was changed.
    """
    with writing():
        refuse_stale(request.form.get(FIELD, ""), present(), told=told)
        return change()
