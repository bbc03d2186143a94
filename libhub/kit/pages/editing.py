"""What every editor does: show a form, save it or tell what will not do, put a row into the archive and out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar, get_type_hints, overload

from flask import Blueprint, Response, flash, redirect, request, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.checked_types import Label
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.files.attachments import attachments
from libhub.kit.pages.bulk_actions import ARCHIVED
from libhub.kit.pages.fields import typed_data
from libhub.kit.pages.history import History
from libhub.kit.pages.managing import Managed
from libhub.kit.published import Published, save_row, set_archived
from libhub.kit.validation import Data, Invalid
from libhub.submissions.merging import Values
from libhub.submissions.sendings import made_of_page
from libhub.web.forms.editable import Clashing, Editable, told_of
from libhub.web.forms.form import Form
from libhub.web.forms.form_state import BACK
from libhub.web.forms.once import keys_sent, note_made
from libhub.web.gate import requires
from libhub.web.outside import safe_target
from libhub.web.rendering.pages import page

_Saved = TypeVar("_Saved")
_Form = TypeVar("_Form", bound=Editable)
_UNCHOSEN: Final[tuple[object, ...]] = (None, "", [])
SAVED: Label = _l("Saved. Search finds it within a second.")


@overload
def editor(
    template: str,
    form: Callable[[], _Form],
    save: Callable[[_Form], _Saved],
    then: Callable[[_Saved], str],
    *,
    told: Label | Callable[[_Saved], str] = SAVED,
    **context: Any,
) -> AnyResponse: ...


@overload
def editor(
    template: str,
    form: Form,
    save: Callable[[], _Saved],
    then: Callable[[_Saved], str],
    *,
    told: Label | Callable[[_Saved], str] = SAVED,
    **context: Any,
) -> AnyResponse: ...


def editor(
    template: str,
    form: Any,
    save: Callable[..., _Saved],
    then: Callable[[_Saved], str],
    *,
    told: Label | Callable[[_Saved], str] = SAVED,
    **context: Any,
) -> AnyResponse:
    """Show a form, or save what was typed and go on; what will not do is kept and told at its field.

    What others saved since the form was made is not overwritten: fields that only they changed are taken over, of those that
    both changed a person chooses. What is typed is kept as a draft until it is saved.

    :param form: makes the form from what is stored. It is called anew once nobody else can write, so that what it holds is
        what is saved over. A form that was made already does, too; what is saved within the same moment is not seen then.
    :param save: is given the form, if it was made here, and runs in the transaction in which nobody else writes; may raise
        :class:`Invalid`, which names the fields; any other :class:`LibHubError` is told above the form.
    :param then: given what ``save`` returned, returns the address to go to, unless the link to the page said it (``back``).
    :param told: what is said there.
    :param context: for the template, beside ``form``.
    """
    made_here = not isinstance(form, Editable)
    shown = form() if made_here else form
    if not shown.is_submitted():
        shown.begin_editing()
        return page(template, form=shown, **context)
    if not shown.validate():
        return _again(template, shown, 422, context)
    made_before = _made_of_this_page()
    if made_before:
        shown.form_errors = [*shown.form_errors, made_before]
        return _again(template, shown, 409, context)
    try:
        with writing():
            if made_here:
                shown = form()
                shown.validate()
            taken = shown.join_changes()
            before = shown.stored_values()
            saved = save(shown) if made_here else save()
            if made_here and before != shown.typed_values() and _begins_as(form, before):
                note_made()  # what was typed went into something new
    except Clashing:
        return _again(template, shown, 409, context)
    except Invalid as error:
        shown.show_problems(error.problems)
    except LibHubError as error:
        shown.fail(error)
    else:
        flash(told(saved) if callable(told) else str(told), "success")
        if taken:
            flash(told_of(taken), "info")
        if shown.typed_values().get("age", 0) in _UNCHOSEN:
            flash(_("No age mark was chosen: until there is one, only staff see it."), "warning")
        return redirect(back_or(then(saved)))
    return _again(template, shown, 422, context)


def back_or(url: str) -> str:
    """Return where the link to this page wants people to come back to, such as a table as it was narrowed down, or this one.

    The link has it as ``back``; an address that is not of this hub is none.
    """
    back = request.args.get(BACK)
    return safe_target(back) if back else url


def _begins_as(form: Callable[[], Editable], before: Values) -> bool:
    """Say whether the form would begin as it began; one of something that is elsewhere now does not begin at all."""
    try:
        return form().stored_values() == before
    except (HTTPException, LibHubError):
        return False


def _again(template: str, form: Editable, status: int, context: Mapping[str, Any]) -> AnyResponse:
    form.go_on_editing()
    return page(template, form=form, status=status, **context)


def _made_of_this_page() -> Markup | None:
    """Say that a new thing came of this very page already, with something else in it; so going back makes no second one."""
    keys = keys_sent()
    made = made_of_page(keys) if keys else None
    if made is None:
        return None
    link = Markup('<a href="{}">{}</a>').format(made.location, _("It is here"))
    return (
        escape(_("This form was saved before. Press the button once more to make a second one of it."))
        + " "
        + link
    )


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


@dataclass(frozen=True)
class Editing:
    """The editor of one kind of thing: a form that shows its fields one below the other, its files, the archive.

    :param managed: the table from which one comes here; it says who may, what the section and a new one are called.
    :param save: given what was typed, and the number of the row or None for a new one, returns its number; instead of
        :func:`~libhub.kit.published.save_row`. The page that readers see is the endpoint ``show``, which takes ``number``.
    :param back: what is said of one that comes back from the archive; ``%(title)s`` is its title.
    :param files: whether it has files; they are put in once it is saved.
    """

    managed: Managed
    form: type[Form]
    data: type[Data]
    back: Label
    save: Callable[[Any, int | None], int] | None = None
    files: bool = False
    template: str = "kit/edit.html"

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the pages ``add``, ``edit``, ``archive`` and ``restore``, and those of the history."""
        protect = requires(self.managed.permission)
        name = blueprint.name

        @blueprint.route("/add", methods=["GET", "POST"], endpoint="add")
        @protect
        def add() -> AnyResponse:
            """Add one."""
            return self._edit(name, None)

        @blueprint.route("/<int:number>/edit", methods=["GET", "POST"], endpoint="edit")
        @protect
        def edit(number: int) -> AnyResponse:
            """Change one."""
            return self._edit(name, db.get_or_404(self.managed.model, number))

        add_archiving(
            blueprint,
            self.managed.model,
            self.managed.permission,
            archived=lambda _row: url_for(f"{name}.{self.managed.at[1]}", state=ARCHIVED),
            restored=lambda row: url_for(f"{name}.edit", number=row.id),
            back=self.back,
        )
        History(
            model=self.managed.model,
            permission=self.managed.permission,
            section=self.managed.section,
            data=self.data,
            save=self.save,
            labels=lambda: {item.name: item.label.text for item in self.form()},
            edit=lambda row: url_for(f"{name}.edit", number=row.id),
        ).add_to(blueprint)

    def _edit(self, section: str, row: Any) -> AnyResponse:
        def form() -> Form:
            return self.form(obj=row)

        lost = {item.name for item in form()} - {"csrf_token", *get_type_hints(self.data)}
        if lost:
            raise TypeError(f"{self.data.__name__} has no {', '.join(sorted(lost))}, which its form has")
        has_files = self.files and row is not None

        def then(number: int) -> str:
            if row is None and self.files:
                return url_for(f"{section}.edit", number=number)
            if row is not None and row.archived_at:
                return url_for(f"{section}.{self.managed.at[1]}", state=ARCHIVED)
            return url_for(f"{section}.show", number=number)

        save = self.save or partial(save_row, self.managed.model)
        return editor(
            self.template,
            form,
            lambda typed: save(typed_data(typed, self.data), row.id if row else None),
            then,
            editing=self,
            row=row,
            files=attachments([row.ref])[row.ref] if has_files else [],
            back=back_or(url_for(f"{section}.{self.managed.at[1]}")),
        )
