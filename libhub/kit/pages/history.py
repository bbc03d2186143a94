"""«What was changed» of a thing: its history, and the way back to how it was."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.audit import AuditEntry, audited_models, subject_labels, values_of
from libhub.base.checked_types import Label
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.text import parse_number
from libhub.kit.history import reverting
from libhub.kit.history.reading import changes_of, who_of
from libhub.kit.history.subjects import Kept
from libhub.web.gate import requires
from libhub.web.paging import paginate
from libhub.web.rendering.pages import page

PER_PAGE: Final = 20


@dataclass(frozen=True, kw_only=True)
class History(Kept):
    """The pages of the history of one kind of thing.

    :param section: what the section is called, in the crumbs; its first page is the endpoint ``index``.
    :param edit: given the row, returns the address of its editor.
    :param below: a word that stands before the number in the addresses, for the second kind of thing of a section; its
        endpoints begin with it as well (``lesson`` makes ``lesson_history``).
    """

    section: Label
    edit: Callable[[Any], str]
    below: str = ""

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the history (``history``), what would come back (``history_before``) and the way back (``revert``)."""
        protect = requires(self.permission)
        name = f"{self.below}_" if self.below else ""
        rule = f"/{self.below}/<int:number>/history" if self.below else "/<int:number>/history"

        def history(number: int) -> AnyResponse:
            """Show what was changed, the newest first."""
            return self._show(number)

        def history_before(number: int, entry: int) -> AnyResponse:
            """Show what would be different if all were as before a change."""
            return self._preview(number, entry)

        def revert(number: int, entry: int) -> AnyResponse:
            """Bring a field back as it was before a change, or all of it."""
            return self._revert(number, entry)

        blueprint.add_url_rule(rule, f"{name}history", protect(history))
        blueprint.add_url_rule(f"{rule}/<int:entry>", f"{name}history_before", protect(history_before))
        blueprint.add_url_rule(f"{rule}/<int:entry>", f"{name}revert", protect(revert), methods=["POST"])

    def endpoint(self, name: str) -> str:
        """Return the full name of the endpoint of one of the pages."""
        return f"{self.model.__item__[0]}.{f'{self.below}_' if self.below else ''}{name}"

    def url(self, name: str, **values: Any) -> str:
        """Return the address of one of the pages."""
        return url_for(self.endpoint(name), **values)

    def _row(self, number: int) -> Any:
        return db.get_or_404(self.model, number)

    def _show(self, number: int) -> AnyResponse:
        row = self._row(number)
        query = select(AuditEntry).where(self.entries(row, with_others=True)).order_by(AuditEntry.id.desc())
        found = paginate(query, PER_PAGE)
        changes = changes_of(found.items, row, values_of(row))
        return page(
            "kit/history.html",
            history=self,
            row=row,
            found=found,
            changes=changes,
            seen=reverting.newest(self, row),
            labels={table: label for table, (label, _section) in subject_labels().items()},
            leads=history_url,
            pages=[each for each in found.iter_pages() if each] if found.pages > 1 else [],
            page_url=lambda page: self.url("history", number=number, page=page),
        )

    def _preview(self, number: int, entry: int) -> Response:
        row = self._row(number)
        try:
            fields = reverting.what_would_change(self, row, entry)
        except LibHubError:
            abort(404)
        return page(
            "kit/revert.html",
            history=self,
            row=row,
            entry=(changed := db.session.get_one(AuditEntry, entry)),
            who=who_of(changed),
            fields=fields,
            seen=reverting.newest(self, row),
        )

    def _revert(self, number: int, entry: int) -> AnyResponse:
        row = self._row(number)
        field, seen = request.form.get("field", ""), request.form.get("seen", "")
        try:
            title = reverting.revert(self, row.id, entry, parse_number(seen) or 0, field)
        except LibHubError as error:
            flash(str(error), "error")
        else:
            flash(
                _(
                    "“%(title)s” is as it was. This is a change like any other: it can be undone.",
                    title=title,
                ),
                "success",
            )
        return redirect(self.url("history", number=number))


def history_url(table: str, key: str) -> str:
    """Return the address of the history of a row of another kind; empty where it has none."""
    model = audited_models().get(table)
    history = model.__audit_history__ if model is not None else None
    return history.url("history", number=key) if isinstance(history, History) and key.isdigit() else ""
