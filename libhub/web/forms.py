"""The base of every form: Flask-WTF, which takes its messages in the visitor's language from Flask-Babel."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field

from libhub.base.errors import LibHubError


class Form(FlaskForm):  # type: ignore[misc]
    """A form that can show an error which only the domain could find."""

    form_errors: list[str]

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How the fields are shown."""

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            """Show a field, without the attributes that a template sets to ``none``."""
            given = {name: value for name, value in render_kw.items() if value is not None}
            return Markup(super().render_field(field, given))  # noqa: S704 - a widget's

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
