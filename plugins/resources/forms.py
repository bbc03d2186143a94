"""The form of a resource: what was typed becomes clean data, and every problem stands at its field."""

from typing import Any, Final

from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from libhub.api import AGE_MARKS, Form, Label
from libhub.api import lazy_gettext as _l
from plugins.resources.domain import InvalidResource, ResourceData
from plugins.resources.vocabulary import (
    ACCESS,
    AUDIENCES,
    ENCODINGS,
    FIELDS,
    GRADES,
    KINDS,
    PLATFORMS,
    VERIFIABLE,
    VISIBILITY,
)

_GRADES: Final[list[tuple[str, Label]]] = [("", _l("any")), *((str(grade), str(grade)) for grade in GRADES)]


def _boxes(name: str, choices: list[tuple[str, Label]]) -> SelectMultipleField:
    return SelectMultipleField(FIELDS[name], choices=choices, option_widget=CheckboxInput())


class ResourceForm(Form):
    """A resource as the librarian edits it. Lengths and addresses are the domain's business."""

    title = StringField(FIELDS["title"])
    url = URLField(FIELDS["url"])
    summary = StringField(FIELDS["summary"])
    description = TextAreaField(FIELDS["description"], render_kw={"rows": 8})
    kind = SelectField(FIELDS["kind"], choices=list(KINDS.items()))
    for_whom = _boxes("for_whom", list(AUDIENCES.items()))
    grade_from = SelectField(FIELDS["grade_from"], choices=_GRADES)
    grade_to = SelectField(FIELDS["grade_to"], choices=_GRADES)
    themes = StringField(FIELDS["themes"])
    age = SelectField(FIELDS["age"], choices=[(str(age), f"{age}+") for age in AGE_MARKS])
    access = SelectField(FIELDS["access"], choices=list(ACCESS.items()))
    how_to_enter = TextAreaField(FIELDS["how_to_enter"], render_kw={"rows": 3})
    platforms = _boxes("platforms", list(PLATFORMS.items()))
    needs_internet = BooleanField(FIELDS["needs_internet"])
    search_template = StringField(FIELDS["search_template"])
    search_encoding = SelectField(FIELDS["search_encoding"], choices=[(name, name) for name in ENCODINGS])
    visibility = SelectField(FIELDS["visibility"], choices=list(VISIBILITY.items()))
    staff_notes = TextAreaField(FIELDS["staff_notes"], render_kw={"rows": 3})
    unverified = _boxes("unverified", [(name, FIELDS[name]) for name in VERIFIABLE])
    checked_on = DateField(FIELDS["checked_on"], [Optional()])

    def data_with(self, cover: str) -> ResourceData:
        """Return what was typed; the cover is not chosen here and stays."""
        typed: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        return ResourceData(
            **typed,
            themes=((self.themes.data or ""),),
            age=int(self.age.data),
            grade_from=int(self.grade_from.data) if self.grade_from.data else None,
            grade_to=int(self.grade_to.data) if self.grade_to.data else None,
            needs_internet=self.needs_internet.data,
            for_whom=tuple(self.for_whom.data or ()),
            platforms=tuple(self.platforms.data or ()),
            unverified=tuple(self.unverified.data or ()),
            checked_on=self.checked_on.data,
            cover=cover,
        )

    def show_problems(self, error: InvalidResource) -> None:
        """Put each problem at its field, or above the form where there is no such field."""
        for name, text in error.problems.items():
            if name in self:
                self[name].errors = [*self[name].errors, text]
            else:
                self.form_errors = [*self.form_errors, text]


_TEXTS: Final = (
    "title",
    "url",
    "summary",
    "description",
    "kind",
    "access",
    "how_to_enter",
    "search_template",
    "search_encoding",
    "visibility",
    "staff_notes",
)


def values_of(data: ResourceData) -> dict[str, Any]:
    """Return a resource as the form shows it."""
    return {
        **vars(data),
        "age": str(data.age),
        "grade_from": str(data.grade_from or ""),
        "grade_to": str(data.grade_to or ""),
        "themes": ", ".join(data.themes),
    }
