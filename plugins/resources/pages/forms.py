"""The form of a resource: what was typed becomes clean data, and every problem stands at its field."""

from collections.abc import Mapping
from typing import Any, Final

from wtforms import (
    BooleanField,
    DateField,
    SelectChoice,
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
from plugins.resources.rules import ResourceData
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

_GRADES: Final[dict[str, Label]] = {"": _l("any"), **{str(grade): str(grade) for grade in GRADES}}


def _choices(labels: Mapping[str, Label]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


def _select(name: str, labels: Mapping[str, Label]) -> SelectField:
    return SelectField(FIELDS[name], choices=_choices(labels))


def _boxes(name: str, labels: Mapping[str, Label]) -> SelectMultipleField:
    return SelectMultipleField(FIELDS[name], choices=_choices(labels), option_widget=CheckboxInput())


class ResourceForm(Form):
    """A resource as the librarian edits it. Lengths and addresses are the domain's business."""

    title = StringField(FIELDS["title"])
    url = URLField(FIELDS["url"])
    summary = StringField(FIELDS["summary"])
    description = TextAreaField(FIELDS["description"], render_kw={"rows": 8})
    kind = _select("kind", KINDS)
    for_whom = _boxes("for_whom", AUDIENCES)
    grade_from = _select("grade_from", _GRADES)
    grade_to = _select("grade_to", _GRADES)
    themes = StringField(FIELDS["themes"])
    age = _select("age", {str(age): f"{age}+" for age in AGE_MARKS})
    access = _select("access", ACCESS)
    how_to_enter = TextAreaField(FIELDS["how_to_enter"], render_kw={"rows": 3})
    platforms = _boxes("platforms", PLATFORMS)
    needs_internet = BooleanField(FIELDS["needs_internet"])
    search_template = StringField(FIELDS["search_template"])
    search_encoding = _select("search_encoding", {name: name for name in ENCODINGS})
    visibility = _select("visibility", VISIBILITY)
    staff_notes = TextAreaField(FIELDS["staff_notes"], render_kw={"rows": 3})
    unverified = _boxes("unverified", {name: FIELDS[name] for name in VERIFIABLE})
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
