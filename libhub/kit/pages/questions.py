"""The editor of one question of a quiz."""

from typing import Final

from werkzeug.datastructures import MultiDict

from libhub.base.checked_types import Label
from libhub.base.i18n import lazy_gettext as _l
from libhub.quizzes import editing
from libhub.quizzes.editing import Draft
from libhub.web.forms.handmade import HandmadeForm

_LABELS: Final[dict[str, Label]] = {
    "text": _l("Question"),
    "explanation": _l("Explanation, shown after the answer"),
    "options": _l("Shuffle the answers"),
    "value": _l("Right number"),
    "tolerance": _l("How far from it is still right"),
    "answers": _l("Answers"),
}


class QuestionForm(HandmadeForm):
    """A question as it is edited; its template shows ``form.draft`` by the macro ``editor`` of ``quizzes.html``.

    :param stored: the question that there is, or an empty one of the kind that was chosen.
    """

    def __init__(self, stored: Draft) -> None:
        sent = editing.sent_of(editing.with_spare_rows(stored))
        rows = [name for name in editing.ROW_FIELDS if name in sent]
        super().__init__(
            sent,
            _LABELS,
            groups={"answers": rows} if rows else {},
            choices={"options": {"shuffled": _l("yes")}},
        )

    @property
    def draft(self) -> Draft:
        """What the editor shows."""
        return editing.read_draft(MultiDict(self.fields))
