"""Before anything is done that a form asks for: it came from a page of this hub, made for this visitor."""

from typing import Any, Final

from flask import Flask, current_app, make_response, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms.csrf.core import CSRF, CSRFTokenField

from libhub.base.dependencies import open_notes
from libhub.base.i18n import gettext as _
from libhub.web import htmx
from libhub.web.forms import form_state, returned
from libhub.web.rendering.pages import STATE_PLACE, TOKEN_PLACE
from libhub.web.visitor import current_viewer

protection: Final = CSRFProtect()
"""Views that look at their forms themselves are exempt: ``protection.exempt``."""
_TOKEN: Final = Markup('<input type="hidden" name="csrf_token" value="{}">')


def init_app(app: Flask) -> None:
    """Look at every form before the view, and give templates what forms begin with."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # below, where the form's own state counts, too
    protection.init_app(app)
    app.before_request(_check)
    app.context_processor(lambda: {"csrf_token": token, "form_tokens": form_tokens})


def _check() -> Response | None:
    if not current_app.config["WTF_CSRF_ENABLED"] or request.method != "POST":
        return None
    state = form_state.sent()
    if state and state.user_id and state.is_fresh and state.user_id == current_viewer().user_id:
        return None  # the session may be another one: somebody signed out and in again meanwhile
    try:
        protection.protect(apply_exemptions=True)
    except CSRFError:
        if htmx.is_quiet():
            return make_response(_("It is not being saved: sign in, in a new window."), 401)
        kept = returned.keep()
        if kept is None:
            raise
        return kept
    return None


def token() -> str:
    """Return the token of a form, or what stands for it in a text that is kept and sent to others."""
    return str(generate_csrf()) if open_notes.get() is None else TOKEN_PLACE


def form_tokens() -> Markup:
    """Return what every form begins with that is posted, where it is not a :class:`~libhub.web.forms.form.Form`."""
    state = form_state.plain() if open_notes.get() is None else STATE_PLACE
    return token_input() + form_state.as_input(state)


def token_input() -> Markup:
    """Return the hidden field with the token alone."""
    return _TOKEN.format(token())


class FormTokens(CSRF):  # type: ignore[misc]
    """What a :class:`~libhub.web.forms.form.Form` begins with. The token itself was looked at before the view."""

    form: Any = None

    def setup_form(self, form: Any) -> Any:
        """Know the form, whose state goes with the token."""
        self.form = form
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:  # noqa: ARG002
        """Return the token."""
        return token()

    def validate_csrf_token(self, form: object, field: CSRFTokenField) -> None:
        """Find nothing wrong."""
