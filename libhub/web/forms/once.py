"""One press does one thing: a form that comes twice is answered as it was the first time.

See :mod:`libhub.submissions.sendings` for how. Here is what a request holds, and what a repetition is answered.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, flash, g, make_response, redirect, request, session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.db import db, first_write
from libhub.base.i18n import gettext as _
from libhub.submissions import drafts, sendings
from libhub.submissions.sendings import Answer, Claim, Keys, Repeated
from libhub.web import htmx
from libhub.web.forms import form_state
from libhub.web.forms.form_state import FormState
from libhub.web.visitor import current_viewer

_KEEPS_NOTHING: Final = "libhub_keeps_nothing"
_FLASHES: Final = "_flashes"
WAIT_SECONDS: Final = 10.0
"""So long a repetition waits for the answer of the first one."""
_LOOK_SECONDS: Final = 0.05
_PIECE: Final = 64 * 1024
_View = TypeVar("_View", bound=Callable[..., Any])


def init_app(app: Flask) -> None:
    """Look at every form that may have been sent before; goes behind the gate."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_leave)
    app.register_error_handler(Repeated, _repeated)


def _leave(_error: BaseException | None) -> None:
    """Let no later transaction of this thread be the first one of this request."""
    first_write.set(None)


def nothing_kept(view: _View) -> _View:
    """Declare a view of which nothing is kept, neither what is sent to it nor its answer: passwords, cookies of one browser."""
    setattr(view, _KEEPS_NOTHING, True)
    return view


def keeps_nothing() -> bool:
    """Say whether the view of this request is declared so."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and getattr(view, _KEEPS_NOTHING, False)


def keys_sent() -> Keys | None:
    """Return by what the form that this request sends is known; None where it does not say."""
    state = form_state.sent()
    if state is None or state.user_id != (current_viewer().user_id or 0):
        return None
    if "keys_sent" not in g:
        g.keys_sent = sendings.keys_of(state.nonce, state.user_id, request.full_path, _content())
    found: Keys = g.keys_sent
    return found


def note_made() -> None:
    """Note, in the transaction that is open, that something new came of what was sent: the same content makes no second one."""
    claim: Claim | None = g.get("claim")
    if claim is not None:
        claim.note_made()


def _content() -> str:
    typed = sorted(
        (name, request.form.getlist(name)) for name in request.form if name not in drafts.NOT_TYPED
    )
    files = sorted((name, _digest(file)) for name, file in request.files.items(multi=True))
    return json.dumps([typed, files])


def _digest(file: FileStorage) -> str:
    """Return what tells a file from another one of this name: its length, beginning and end."""
    stream = file.stream
    size = stream.seek(0, 2)
    found = hashlib.sha256(f"{file.filename} {size} ".encode("utf-8", "surrogatepass"))
    for place in (0, max(0, size - _PIECE)):
        stream.seek(place)
        found.update(stream.read(_PIECE))
    stream.seek(0)
    return found.hexdigest()


def _begin() -> AnyResponse | None:
    if request.method != "POST" or request.endpoint is None or keeps_nothing():
        return None
    keys = keys_sent()
    if keys is None:
        return None
    user_id = current_viewer().user_id or 0
    answer = sendings.answer_of(keys.key)
    if answer is None and user_id and _is_own_page():
        answer = sendings.same_made(keys)
        if answer is not None:
            flash(_("This was sent already; it was done once."), "info")
    if answer is not None:
        return _again(answer)
    g.claim = Claim(keys, user_id)
    first_write.set(g.claim)
    return None


def _is_own_page() -> bool:
    """Say whether the form stands on the page to which it is sent, as those do that make a new thing."""
    methods = request.url_rule.methods if request.url_rule else None
    return "GET" in (methods or ())


def _again(answer: Answer) -> AnyResponse:
    for kind, text in answer.messages:
        flash(text, kind)
    if htmx.wants_fragment():
        response = make_response("", 200)
        htmx.redirect_browser(response, answer.location)
        return response
    return redirect(answer.location)


def _repeated(error: Repeated) -> AnyResponse:
    """Answer what came while the first one was being done, or after it could not be answered any more."""
    first_write.set(None)
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        db.session.rollback()  # see what others committed
        answer = sendings.answer_of(error.key)
        if answer is not None:
            return _again(answer)
        if not sendings.is_known(error.key):
            break  # it was answered with a page of its own, or with what was wrong
        time.sleep(_LOOK_SECONDS)
    if htmx.wants_fragment():
        return make_response("", 204)
    state = form_state.sent()
    flash(_("This was sent already; it was done once."), "info")
    return redirect(state.page if state else request.path)


def _end(response: Response) -> Response:
    claim: Claim | None = g.pop("claim", None)
    first_write.set(None)
    if request.method != "POST":
        return response
    location = response.headers.get("HX-Redirect") or (
        response.location if 300 <= response.status_code < 400 else None
    )
    told = (
        [(kind, text) for kind, text in session.get(_FLASHES, ())] if location and _FLASHES in session else []
    )
    if claim is not None and claim.committed:
        if location:
            claim.answered(Answer(location, [(kind, str(text)) for kind, text in told]))
        else:
            claim.release()
    _drop_draft(done=bool(location) and all(kind != "error" for kind, _text in told))
    return response


def _drop_draft(*, done: bool) -> None:
    state: FormState | None = g.get("form_state")  # not read now: it may have been too large to be read
    viewer = g.get("viewer")
    if (
        done
        and not g.get("draft_stays")
        and state
        and state.draft
        and viewer is not None
        and viewer.user_id == state.user_id
    ):
        for draft_id in _drafts_of(state):
            drafts.drop(draft_id, state.user_id)


def _drafts_of(state: FormState) -> Iterator[str]:
    """Yield the drafts that are done with once this form is: its own, and that of the form which came without its session."""
    found = drafts.find(state.draft, state.user_id, [state.draft])
    yield state.draft
    before = form_state.of_draft(found) if found else None
    if before is not None and before.draft:
        yield before.draft
