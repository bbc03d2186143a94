"""The form of an activity: rows of steps and materials that can be moved, beside plain fields."""

from libhub.api import AGES, GRADE_LABELS, HandmadeForm
from plugins.crafts import editor_form
from plugins.crafts.activity_data import FIELDS, ActivityData
from plugins.crafts.editor_form import MATERIAL, STEP
from plugins.crafts.holidays import LABELS
from plugins.crafts.vocabulary import DIFFICULTIES, KINDS, SEASONS


class ActivityForm(HandmadeForm):
    """An activity as the librarian edits it."""

    def __init__(self, before: ActivityData) -> None:
        super().__init__(
            editor_form.typed_of(before),
            FIELDS,
            groups={"steps": STEP, "materials": MATERIAL},
            choices={
                "kind": KINDS,
                "difficulty": {str(code): label for code, label in DIFFICULTIES.items()},
                "age": {str(code): label for code, label in AGES.items()},
                "grade_from": {str(code): label for code, label in GRADE_LABELS.items()},
                "grade_to": {str(code): label for code, label in GRADE_LABELS.items()},
                "holidays": LABELS,
                "seasons": SEASONS,
            },
        )
        self._before = before

    def rows(self, of: str) -> list[dict[str, str]]:
        """Return the rows of a list, ``step`` or ``material``."""
        return editor_form.rows(self.fields, of)

    def arrange(self, what: str) -> None:
        """Do with the rows what a button says; see :func:`editor_form.arranged`."""
        self.fields = editor_form.arranged(self.fields, what)

    def data(self) -> ActivityData:
        """Return what was typed as an activity.

        :raises Invalid: it is too long, or a number is none.
        """
        return editor_form.data_of(editor_form.kept(self.fields), self._before)
