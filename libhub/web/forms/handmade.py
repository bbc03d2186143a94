"""Fields that a template writes by hand, such as rows that can be moved: an editor like any other nevertheless."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from flask import request
from markupsafe import Markup

from libhub.base.checked_types import Label
from libhub.base.errors import LibHubError
from libhub.base.text import tidy
from libhub.submissions.merging import Plain, Values
from libhub.web.forms import returned
from libhub.web.forms.editable import Editable
from libhub.web.forms.tokens import token_input

_APART: Final = " · "


class HandmadeForm(Editable):
    """The fields of a form by their names, each with the texts that a browser sends for it.

    The template begins its form with ``{{ form.csrf_token }}{{ ui.form_errors(form) }}``.

    :param stored: what the fields hold where nothing was typed, by name: the texts that a browser would send.
    :param labels: what people call the fields, and the groups.
    :param groups: names of fields that make sense only together, such as the columns of rows, by the name of the group.
    :param choices: what people call the values of a field from which one chooses.
    """

    def __init__(
        self,
        stored: Mapping[str, Sequence[str]],
        labels: Mapping[str, Label],
        *,
        groups: Mapping[str, Sequence[str]] | None = None,
        choices: Mapping[str, Mapping[str, Label]] | None = None,
    ) -> None:
        self._stored = {name: list(texts) for name, texts in stored.items()}
        self._labels, self._groups, self._choices = labels, groups or {}, choices or {}
        self._grouped = {name for names in self._groups.values() for name in names}
        typed = request.form if self.is_submitted() else returned.fields_of_this_form()
        self.fields = (
            {name: list(texts) for name, texts in self._stored.items()}
            if typed is None
            else {name: typed.getlist(name) for name in self._stored}
        )
        """What they hold now: what was typed, or is stored."""
        self.problems: dict[str, str] = {}
        """What will not do, by field."""
        self.form_errors: list[str] = []

    def __getitem__(self, name: str) -> str:
        """Return what a field of one value holds."""
        texts = self.fields[name]
        return texts[0] if texts else ""

    @property
    def csrf_token(self) -> Markup:
        """What the form begins with."""
        return token_input() + self.state_inputs()

    def is_submitted(self) -> bool:
        """Say whether the form was sent."""
        return request.method == "POST"

    def validate(self) -> bool:
        """Find nothing wrong: what may stand in the fields is the business of what they become."""
        return True

    def fail(self, error: LibHubError) -> None:
        """Show an error above the form."""
        self.form_errors = [*self.form_errors, str(error)]

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Have each problem told at its field; those of none above the form."""
        self.problems.update(problems)
        self.form_errors = [
            *self.form_errors,
            *(text for name, text in problems.items() if name not in self._labels),
        ]

    # -- what an editor is asked ----------------------------------------------------------------------

    def stored_values(self) -> Values:
        """Return what the fields hold where nothing was typed."""
        return self._values(self._stored)

    def typed_values(self) -> Values:
        """Return what the fields hold now."""
        return self._values(self.fields)

    def take_stored(self, name: str) -> None:
        """Let a field, or a group, hold what is stored."""
        for each in self._groups.get(name, (name,)):
            self.fields[each] = list(self._stored[each])

    def value_in_words(self, name: str, value: Plain) -> str:
        """Return what a field or a group holds, for people: rows one below the other."""
        if isinstance(value, Mapping):
            columns = [list(texts) for texts in value.values() if isinstance(texts, Sequence)]
            rows = (filter(None, map(str, row)) for row in zip_longest(*columns, fillvalue=""))
            return "\n".join(filter(None, map(_APART.join, rows)))
        texts = value if isinstance(value, (list, tuple)) else [value]
        labels = self._choices.get(name, {})
        return ", ".join(str(labels.get(str(text), text)) for text in texts if text not in (None, ""))

    def label_of(self, name: str) -> str:
        """Return what people call a field or a group."""
        return str(self._labels.get(name, name))

    def _values(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Plain]:
        alone = {name: _texts(fields[name]) for name in self._stored if name not in self._grouped}
        grouped = {
            group: {name: _texts(fields[name]) for name in names} for group, names in self._groups.items()
        }
        return {**alone, **grouped}


def _texts(texts: Sequence[str]) -> list[Plain]:
    """Return texts so that the same is always spelt the same: empty rows at the end say nothing."""
    found = [tidy(text).strip() for text in texts]
    while found and not found[-1]:
        found.pop()
    return list(found)
