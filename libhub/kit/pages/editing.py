"""What every editor does: show a form, save it or tell what will not do, put a row into the archive and out of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.checked_types import Label
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.published import Published, set_archived
from libhub.kit.validation import Invalid
from libhub.web.forms import Form
from libhub.web.gate import requires
from libhub.web.rendering.pages import page

_Saved = TypeVar("_Saved")
SAVED: Label = _l("Saved. Search finds it within a second.")


def editor(
    template: str,
    form: Form,
    save: Callable[[], _Saved],
    then: Callable[[_Saved], str],
    *,
    told: Label | Callable[[_Saved], str] = SAVED,
    **context: Any,
) -> AnyResponse:
    """Show a form, or save what was typed and go on; what will not do is kept and told at its field.

    :param save: may raise :class:`Invalid`, which names the fields; any other :class:`LibHubError` is told above the form.
    :param then: given what ``save`` returned, returns the address to go to.
    :param told: what is said there.
    :param context: for the template, beside ``form``.
    """
    if form.validate_on_submit():
        try:
            saved = save()
        except Invalid as error:
            form.show_problems(error.problems)
        except LibHubError as error:
            form.fail(error)
        else:
            flash(told(saved) if callable(told) else str(told), "success")
            return redirect(then(saved))
    return page(template, form=form, status=422 if form.is_submitted() else 200, **context)


def attempt(change: Callable[[], _Saved], url: str, told: str | Callable[[_Saved], str] = "") -> AnyResponse:
    """Change something and go on to a page, which tells what was done, or why it was not.

    :param change: may raise :class:`LibHubError`.
    :param told: what is said, or what says it, given what ``change`` returned; nothing where it is empty.
    """
    try:
        done = change()
    except LibHubError as error:
        flash(str(error), "error")
    else:
        if said := told(done) if callable(told) else told:
            flash(said, "success")
    return redirect(url)


def add_archiving(
    blueprint: Blueprint,
    model: type[Published],
    permission: str,
    *,
    archived: Callable[[Any], str],
    restored: Callable[[Any], str],
    back: Label,
    archive: Callable[[Any, bool], object] | None = None,
) -> None:
    """Add the ways into the archive and out of it: ``archive`` and ``restore`` below ``/<number>``, by POST.

    :param archived: given the row, returns the address to go to afterwards; ``restored`` likewise.
    :param back: what is said of one that is back; ``%(title)s`` is its title.
    :param archive: given the row and whether it goes into the archive, instead of :func:`set_archived`.
    """

    def move(number: int, *, into: bool) -> Response | AnyResponse:
        row: Any = db.get_or_404(model, number)
        said = _("“%(title)s” is in the archive. It can be restored there.", title=row.title)
        if not into:
            said = str(back) % {"title": row.title}
        url = archived(row) if into else restored(row)

        def change() -> object:
            return archive(row, into) if archive else set_archived(model, [number], archived=into)

        return attempt(change, url, said)

    @blueprint.post("/<int:number>/archive", endpoint="archive")
    @requires(permission)
    def put_away(number: int) -> AnyResponse:
        """Put it into the archive: no reader finds it there, and nothing of it is deleted."""
        return move(number, into=True)

    @blueprint.post("/<int:number>/restore", endpoint="restore")
    @requires(permission)
    def bring_back(number: int) -> AnyResponse:
        """Bring it back from the archive."""
        return move(number, into=False)
