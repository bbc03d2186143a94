"""Error pages in words that help, and the headers that every answer carries."""

import logging
import traceback
from typing import Any

from flask import Flask, Response, current_app, make_response, request, url_for
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import TryLater
from libhub.base.i18n import gettext as _
from libhub.config import get_config
from libhub.files.store import FULL, disk_error
from libhub.plugging import calls
from libhub.web import gate, htmx
from libhub.web.forms import returned
from libhub.web.rendering.pages import page
from libhub.web.sections import section_threads

logger = logging.getLogger(__name__)

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_USUAL_HEADERS = (
    *SECURITY_HEADERS.items(),
    ("Cache-Control", "no-store"),  # a shared computer keeps nothing of what somebody saw
)
"""Those of every answer that says nothing else."""


def init_app(app: Flask) -> None:
    """Attach the error pages and the headers."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)
    app.after_request(_finish)
    app.teardown_request(lambda _error: calls.store_failures())  # what failed after that


def error_page(status: int, title: str, text: str, **context: Any) -> Response:
    """Show an error in words, with a way on."""
    try:
        return page("errors/error.html", status=status, title=title, text=text, code=status, **context)
    except Exception:
        # The page around the words needs the database and the plugins; the words must not.
        logger.exception("the error page cannot be shown")
        words = Markup(
            "<!doctype html><meta charset=utf-8><title>%(title)s</title><h1>%(title)s</h1><p>%(text)s</p>"
        )
        return make_response(words % {"title": title, "text": text}, status)


def refusal(error: Exception) -> AnyResponse | None:
    """Return what the hub answers in the place of a section, whatever handlers that has; None for any other error."""
    if isinstance(error, gate.ClosedSection):
        return _closed()
    if isinstance(error, gate.SignInFirst):
        if htmx.is_quiet():
            return make_response(_("It is not being saved: sign in, in a new window."), 401)
        return returned.keep() or htmx.go(url_for("auth.sign_in", unsaved=1))
    if isinstance(error, TryLater):
        return _later(error)
    return _busy() if isinstance(error, section_threads.SectionIsBusy) else None


def _later(error: TryLater) -> AnyResponse:
    title = _("Too many attempts") if error.status == 429 else _("A moment, please")
    return with_retry(error_page(error.status, title, str(error)), error)


def with_retry(answer: Response, error: TryLater) -> Response:
    """Tell programs, too, how long to wait."""
    answer.status_code = error.status
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _closed() -> Response:
    return error_page(
        404,
        _("This section is closed"),
        _("The librarian has closed this section for now. Nothing in it is lost."),
    )


def _busy() -> Response:
    answer = error_page(
        503,
        _("This section is busy"),
        _(
            "It does not get on with what it was asked before. Try again in a moment; "
            "everything else in the hub works."
        ),
    )
    answer.headers["Retry-After"] = str(section_threads.RETRY_SECONDS)
    return answer


def _stale_form(_error: CSRFError) -> Response:
    return error_page(
        400,
        _("The page is too old"),
        _(
            "You signed in or out in another window, or this page was open for too long. "
            "Go back, reload the page and send the form again."
        ),
        back=request.referrer if request.referrer and request.referrer.startswith(request.host_url) else None,
    )


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        return _crash(error.original_exception)  # what a view returned cannot be sent
    if isinstance(error, RequestEntityTooLarge):
        limit = (current_app.config["MAX_CONTENT_LENGTH"] or 0) // (1024 * 1024)
        return error_page(
            413, _("The file is too large"), _("At most %(limit)d MB can be sent at once.", limit=limit)
        )
    texts = {
        403: (
            _("Not for this account"),
            _("Your account has no right to this page. If it should, ask the librarian."),
        ),
        404: (
            _("There is no such page"),
            _("It may have been removed, or the address has a mistake. Try searching."),
        ),
        405: (_("This cannot be done here"), _("Go back to the page and use its buttons.")),
        429: (_("Too many attempts"), _("Wait a few minutes and try again.")),
    }
    code = error.code or 500
    title, text = texts.get(
        code, (_("The request was not understood"), _("Go back and try again, or start from the home page."))
    )
    if code >= 500:
        title, text = _crash_words()
    return error_page(code, title, text)


def _crash(error: Exception) -> Response:
    """Log what a view did not expect; a plugin's failure is also shown on the plugins page."""
    owner = gate.owner_of(request.endpoint) if request.endpoint else None
    if owner is not None:
        calls.note_failure(owner, str(request.url_rule), error)
    else:
        logger.error("%s %s failed", request.method, request.path, exc_info=error)
    if (
        isinstance(error, OSError) and error.errno in FULL
    ):  # what is sent waits on the disk before a view sees it
        return error_page(507, _("The disk is full"), str(disk_error(error)))
    whole = "".join(traceback.format_exception(error)) if get_config().reload else ""
    return error_page(500, *_crash_words(), whole=whole)


def _crash_words() -> tuple[str, str]:
    return (
        _("Something went wrong"),
        _(
            "The error is written in the log, and nothing that was saved is lost. "
            "Try again; if it happens once more, tell the librarian."
        ),
    )


def _finish(response: Response) -> Response:
    # werkzeug raises and catches an error for every header that is asked for and not there
    present = {name.lower() for name, _value in response.headers}
    response.headers.extend((name, value) for name, value in _USUAL_HEADERS if name.lower() not in present)
    owner = gate.owner_of(request.endpoint) if request.endpoint else None
    if owner is not None:
        calls.note_changed_process(owner, str(request.url_rule))
    calls.store_failures()
    return response
