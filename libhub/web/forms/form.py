"""The base of every form: Flask-WTF, which takes its messages in the visitor's language from Flask-Babel."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    MultipleFileField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    SubmitField,
)
from wtforms.csrf.core import CSRFTokenField

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.text import tidy
from libhub.submissions.merging import Plain, Values
from libhub.web.forms import returned
from libhub.web.forms.editable import Editable
from libhub.web.forms.tokens import FormTokens

_NOT_JOINED: Final = (CSRFTokenField, FileField, MultipleFileField, PasswordField, SubmitField)
"""Fields that hold nothing which is stored and shown again."""


class Form(Editable, FlaskForm):  # type: ignore[misc]
    """A form that can show an error which only the domain could find, and joins what two people change."""

    form_errors: list[str]

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How the fields are shown, and what the form begins with."""

        csrf = True
        csrf_class = FormTokens

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            """Show a field, without the attributes that a template sets to ``none``; with the token its state."""
            given = {name: value for name, value in render_kw.items() if value is not None}
            shown = Markup(super().render_field(field, given))  # noqa: S704 - a widget's
            return shown + field.csrf_impl.form.state_inputs() if isinstance(field, CSRFTokenField) else shown

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args and "formdata" not in kwargs:
            typed = returned.fields_of_this_form()
            if typed is not None:
                kwargs["formdata"] = typed
        super().__init__(*args, **kwargs)

    def fail(self, error: LibHubError, field: Field | None = None) -> None:
        """Show an error at a field, or above the form."""
        if field is not None:
            field.errors = [*field.errors, str(error)]
        else:
            self.form_errors = [*self.form_errors, str(error)]

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Put each problem at the field of its name, or above the form where there is no such field."""
        for name, text in problems.items():
            if name in self:
                self[name].errors = [*self[name].errors, text]
            else:
                self.form_errors = [*self.form_errors, text]

    # -- what an editor is asked ----------------------------------------------------------------------

    def stored_values(self) -> Values:
        """Return what the fields hold where nothing was typed: what they were made from, as it would be shown."""
        return _values(self._untouched())

    def typed_values(self) -> Values:
        """Return what the fields hold now."""
        return _values(self)

    def take_stored(self, name: str) -> None:
        """Let a field hold what it was made from."""
        self[name].process(None, self[name].object_data)

    def value_in_words(self, name: str, value: Plain) -> str:
        """Return what a field holds, for people: labels where something was chosen."""
        return _in_words(self[name], value)

    def label_of(self, name: str) -> str:
        """Return the label of a field."""
        return str(self[name].label.text)

    def _untouched(self) -> "Form":
        return type(self)(formdata=None, data={field.name: field.object_data for field in self})


def _values(form: Form) -> dict[str, Plain]:
    return {field.name: _plain(field, field.data) for field in _joined(form)}


def _joined(form: Form) -> Iterator[Field]:
    return (field for field in form if not isinstance(field, _NOT_JOINED))


def _plain(field: Field, value: Any) -> Plain:
    """Return what a field holds so that the same is always spelt the same, whether it was stored or typed."""
    if isinstance(field, SelectMultipleField):
        return sorted(map(str, value or ()))
    if isinstance(field, FieldList):
        return [_plain(entry, entry.data) for entry in field]
    if isinstance(field, FormField):
        return {
            each.short_name: _plain(each, each.data) for each in field if not isinstance(each, _NOT_JOINED)
        }
    return _spelt(value)


def _spelt(value: Any) -> Plain:
    if value is None or isinstance(value, bool):
        return value or ""
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_spelt(each) for each in value]
    return tidy(str(value)).strip()


def _in_words(field: Field, value: Plain) -> str:
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, (SelectField, SelectMultipleField)):
        chosen = value if isinstance(value, list) else [value]
        labels = {
            str(choice.value if choice.value is not None else ""): str(choice.label)
            for choice in _choices(field)
        }
        return ", ".join(labels.get(str(each), str(each)) for each in chosen)
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    if isinstance(value, str) and isinstance(field, HiddenField):
        return value
    return "" if value is None else str(value)


def _choices(field: Any) -> Iterator[Any]:
    return iter(field.choices or ())
