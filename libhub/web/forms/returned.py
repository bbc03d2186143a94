"""A form that came without its session, or with an old token: it is kept, and filled in again once its person is back.

It is kept for a day, for the account for which the page was made, and given back to the browser that sent it; never on
a PC of the reading room.
"""

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Final

from flask import Flask, Response, flash, g, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts import sessions
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.submissions import drafts
from libhub.submissions.drafts import Typed
from libhub.web import htmx
from libhub.web.forms import form_state, kept_files
from libhub.web.forms.once import keeps_nothing
from libhub.web.gate import is_static
from libhub.web.this_computer import this_computer
from libhub.web.visitor import KEPT_FORMS, current_viewer, ended_token

_MOST: Final = 5
"""So many of them one browser gets back."""


def init_app(app: Flask) -> None:
    """Tell of what is given back, and fill in forms that do not do so themselves."""
    app.jinja_env.globals["draft_url"] = draft_url
    app.before_request(_tell)
    app.before_request(_put_files_back)
    app.after_request(_fill)


def keep() -> AnyResponse | None:
    """Keep what this request sends and send the browser to the page on which one signs in, or can send it once more.

    None where nothing is kept: the form says not for whom it was made, or nothing was typed.
    """
    state = form_state.sent()
    if state is None or not state.user_id or this_computer() is not None or keeps_nothing():
        return None
    viewer = current_viewer()
    if not viewer.signed_in and sessions.ended_account(ended_token()) != state.user_id:
        return None  # this browser did not belong to the person just now
    fields = {name: request.form.getlist(name) for name in request.form}
    files = kept_files.hold()
    if not files and not any(name not in drafts.NOT_TYPED and any(values) for name, values in fields.items()):
        return None
    try:
        draft_id = token_hex(16)
        drafts.keep(
            draft_id,
            state.user_id,
            state.page,
            request.full_path.rstrip("?"),
            fields,
            returned=True,
            files=files,
        )
    except LibHubError:
        return None
    session[KEPT_FORMS] = [*session.get(KEPT_FORMS, ()), draft_id][-_MOST:]
    if viewer.user_id == state.user_id:
        return htmx.go(state.page)
    if viewer.signed_in:
        flash(_("This page was made for somebody else, who gets back what was typed there."), "warning")
        return htmx.go(url_for("home.index"))
    return htmx.go(url_for("auth.sign_in", next=state.page, kept=1))


def typed_before() -> Typed | None:
    """Return what a form of this page is to be filled in with: what came back, or the draft that the address names."""
    if "typed_before" not in g:
        g.typed_before = _find() if request.method == "GET" else None
    found: Typed | None = g.typed_before
    return found


def _find() -> Typed | None:
    known = session.get(KEPT_FORMS, ()) if KEPT_FORMS in session else ()
    asked = request.args.get(form_state.DRAFT, "")[:32]
    if not known and not asked:
        return None
    user_id = current_viewer().user_id
    here = form_state.this_page()
    for draft_id in filter(None, (asked, *reversed(known))):
        found = drafts.find(draft_id, user_id, known)
        if found is not None and found.page == here:
            return found
    return None


def keep_draft(fields: Mapping[str, Sequence[str]] | None = None, *, draft_id: str = "") -> str:
    """Keep what this request sends as a draft, which it stays although the form was sent; return its id.

    :param fields: what is kept in the place of what was sent, such as rows in another order.
    :param draft_id: of a draft that the form does not name itself.
    :raises LibHubError: it is too long to be kept, or the form does not say whose it is.
    """
    state = form_state.sent()
    user_id = current_viewer().user_id
    if user_id is None or (state is not None and state.user_id != user_id):
        raise LibHubError(_("This draft is somebody else's."))
    draft_id = draft_id or (state.draft if state else "") or token_hex(16)
    held = {name: request.form.getlist(name) for name in request.form} | dict(fields or {})
    page = state.page if state else form_state.this_page()
    drafts.keep(draft_id, user_id, page, page, held)
    g.draft_stays = True
    return draft_id


def find_draft(draft_id: str) -> Mapping[str, Sequence[str]] | None:
    """Return what this visitor typed into a form and did not save, by the id of the draft; None where there is none."""
    found = drafts.find(draft_id[:32], current_viewer().user_id)
    return found.fields if found else None


def adopt_draft(user_id: int, page: str, fields: Mapping[str, Sequence[str]]) -> None:
    """Make what a section kept by itself a draft of the page on which it was typed."""
    drafts.keep(token_hex(16), user_id, page, page, fields)


def draft_url(typed: Typed) -> str:
    """Return the address of the page on which one goes on with a draft."""
    return f"{typed.page}{'&' if '?' in typed.page else '?'}{form_state.DRAFT}={typed.id}"


def fields_of_this_form() -> MultiDict[str, str] | None:
    """Return what was typed before into the form that is sent to this very page; it is told as used."""
    found = typed_before()
    if found is None or found.action.partition("?")[0] != request.path:
        return None
    g.typed_is_used = True
    return MultiDict({name: list(values) for name, values in found.fields.items()})


def _tell() -> None:
    if (
        request.method == "GET"
        and not is_static()
        and (KEPT_FORMS in session or form_state.DRAFT in request.args)
    ):
        found = typed_before()
        if found is not None:
            flash(_("Here is again what you typed. It is not saved yet."), "warning")


def _put_files_back() -> None:
    """Let a form that came back be sent with the files that were chosen in it."""
    state = form_state.sent() if KEPT_FORMS in session else None
    if state is None or state.draft not in session[KEPT_FORMS]:
        return
    found = drafts.find(state.draft, current_viewer().user_id, session[KEPT_FORMS])
    if found is not None and found.fields.get(drafts.FILES):
        kept_files.put_back(found)


def _fill(response: Response) -> Response:
    """Fill in a form that was not made from what was typed before, such as a small one beside other things."""
    found: Typed | None = g.get("typed_before")
    if found is None or response.status_code != 200 or response.mimetype != "text/html":
        return response
    fields, files = not g.get("typed_is_used"), kept_files.of(found)
    if not fields and not files:
        return response
    from libhub.web.forms import (
        filling,  # reads HTML: a worker that is asked nothing of the kind need not know it
    )

    html = response.get_data(as_text=True)
    filled = filling.filled(html, request.path, found, fields=fields, files=files)
    if filled is not None:
        response.set_data(filled)
    return response
