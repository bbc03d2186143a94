"""The living page of components: what pages are put together from, in every state, for staff and developers."""

import re
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, url_for
from wtforms import (
    BooleanField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput

from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.web.forms.form import Form
from libhub.web.gate import requires
from libhub.web.rendering.assets import icon_names
from libhub.web.rendering.pages import page

blueprint = Blueprint("styleguide", __name__)
_STATIC: Final = Path(__file__).parents[2] / "static"
_NUMBERS: Final = [SelectChoice(number, number) for number in "123"]
_COLOUR: Final = re.compile(r"^  --([a-z-]+): (?:#|rgb)", re.M)


class Sample(Form):
    """One field of each kind."""

    title = StringField(_l("A line of text"))
    wrong = StringField(_l("A line with a mistake in it"))
    text = TextAreaField(_l("Several lines"))
    one = SelectField(_l("One of a list"), choices=_NUMBERS)
    yes = BooleanField(_l("Yes or no"))
    several = SelectMultipleField(_l("Several of a few"), choices=_NUMBERS, option_widget=CheckboxInput())
    radio = RadioField(_l("One of a few"), choices=_NUMBERS)


@blueprint.get("/styleguide")
@requires("reports.read")
def index() -> Response:
    """Show every token, icon and component."""
    form = Sample()
    form.wrong.errors = [_("Something is wrong, and what to do about it.")]
    tokens = (_STATIC / "css" / "tokens.css").read_text(encoding="utf-8").split("@media")[0]
    return page(
        "styleguide.html",
        form=form,
        colours=list(dict.fromkeys(_COLOUR.findall(tokens))),
        here_of=lambda _number: url_for("styleguide.index"),
        icons=icon_names(),
    )
