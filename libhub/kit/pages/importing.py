"""Import in the page: a file is chosen, looked at, and brought in after a yes; the report says what became of it.

What was shown and what became of it are pages with an address, for a day. The yes holds for what was shown: where
something of that was changed meanwhile, nothing is done, and what would happen now is shown instead.
"""

import io
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, current_app, flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.checked_types import Label
from libhub.base.errors import LibHubError
from libhub.base.file_lock import HeldElsewhere
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit import line_choices, pending_imports
from libhub.kit.column_choices import COLUMNS, chosen, joined, remember, remembered
from libhub.kit.importing import ChangedSincePreview, Problem, Report, as_shown
from libhub.kit.jobs.starting import start_job
from libhub.kit.jobs.work import JobResult, JobWork
from libhub.kit.pending_imports import PendingImport
from libhub.kit.tables import Layout, UnreadableFile, look_at_table
from libhub.plugging.records import JobKind
from libhub.submissions.pending_uploads import drop_upload, held_upload, hold_upload
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.rendering.shell import Crumb
from libhub.web.visitor import current_viewer

AT_ONCE_BYTES: Final = 512 * 1024
"""A larger file is brought in behind the scenes, if the import can be."""
TOLD: Final = 5
"""Problems that the notice of a job tells."""
SHOWN: Final = 200
"""Problems and notes that the report shows."""


@dataclass(frozen=True)
class Importer:
    """An import of a section.

    :param take: given the file, what was typed beside it (by name) and ``dry_run``, says what it did or would do; it
        may raise :class:`LibHubError`, and then nothing was done. By :meth:`Report.saw` it tells what it would change, so
        that nothing is changed that was not shown.
    :param section: what the section is called, in the crumbs; its first page is the endpoint ``index``.
    :param above: label and endpoint of the page from which one comes here, to which one goes back.
    :param title: what the page is called; ``about`` says what can be brought in, and ``label`` what the file is.
    :param accept: endings of files that browsers offer.
    :param template: extends ``kit/import.html`` and says more.
    :param asks: names of fields beside the file, which the template shows.
    :param fetch: given what was typed, returns a file that comes from elsewhere, or None; see the import of calendars.
    :param job: the name of a :class:`JobKind`, ``<section>.<name>``, by which a file of more than :data:`AT_ONCE_BYTES` is
        brought in behind the scenes; :meth:`job_kind` declares it in the hook ``register_jobs``.
    :param take_long: instead of ``take`` there: given the file, what was typed, and whom to tell how far it is.
    :param then: given the report, returns the address to go to instead of showing it.
    :param paste: rows can be copied in a spreadsheet and pasted beside the file.
    :param layout: of the tables that come in, where their columns can be chosen by hand; ``take`` finds the choice by
        ``chosen_columns``.
    :param kinds: of the lines that a report tells one by one, in the order in which they are shown, and what they are
        called; ``take`` finds what was chosen for them by ``chosen_lines``.
    """

    permission: str
    take: Callable[[Path, Mapping[str, str], bool], Report]
    section: Label
    above: tuple[Label, str]
    title: Label
    about: Label
    label: Label
    accept: str
    most_bytes: int
    template: str = "kit/import.html"
    asks: tuple[str, ...] = ()
    fetch: Callable[[Mapping[str, str]], bytes | None] = lambda _typed: None
    then: Callable[[Report], str | None] = lambda _report: None
    context: Callable[[], Mapping[str, Any]] = dict
    job: str = ""
    take_long: Callable[[Path, Mapping[str, str], Callable[[int, int], None]], Report] | None = None
    paste: bool = False
    layout: Layout | None = None
    kinds: Mapping[str, Label] = field(default_factory=dict)

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the pages: ``import_page``, ``upload``, ``import_preview``, ``import_now`` and ``import_cancel``.

        Where columns can be chosen, also ``import_columns``.
        """
        protect = requires(self.permission)
        name = blueprint.name

        @blueprint.get("/import", endpoint="import_page")
        @protect
        def import_page() -> AnyResponse:
            """Ask for the file."""
            return self._ask()

        @blueprint.post("/import", endpoint="upload")
        @protect
        def upload() -> AnyResponse:
            """Keep the file and say what an import would do; nothing is changed yet."""
            return self._look(name)

        @blueprint.get("/import/<token>", endpoint="import_preview")
        @protect
        def import_preview(token: str) -> AnyResponse:
            """Show what an import would do, or what it did."""
            return self._show(name, token)

        @blueprint.post("/import/<token>", endpoint="import_now")
        @protect
        def import_now(token: str) -> AnyResponse:
            """Do what was shown, once, whoever presses how often."""
            return self._settle(name, token, self._import)

        @blueprint.post("/import/<token>/cancel", endpoint="import_cancel")
        @protect
        def import_cancel(token: str) -> AnyResponse:
            """Forget the file."""
            return self._settle(name, token, self._cancel)

        if self.layout is not None:

            @blueprint.post("/import/<token>/columns", endpoint="import_columns")
            @protect
            def import_columns(token: str) -> AnyResponse:
                """Look once more, with the columns that were chosen."""
                return self._settle(name, token, self._choose_columns)

    @property
    def megabytes(self) -> int:
        """How large a file may be."""
        most: int = current_app.config["MAX_CONTENT_LENGTH"]
        return min(self.most_bytes, most) // 1024**2

    def crumbs(self) -> list[Crumb]:
        """Return the way to here: the section, and the page from which one comes where it is another one."""
        start = f"{request.blueprint}.index"
        way = [(self.section, start), self.above]
        return [
            Crumb(label, url_for(endpoint))
            for label, endpoint in (way[1:] if self.above[1] == start else way)
        ]

    def _ask(self, problem: str = "") -> AnyResponse:
        return page(
            self.template,
            importer=self,
            problem=problem,
            typed=request.form,
            status=422 if problem else 200,
            **self.context(),
        )

    def _look(self, section: str) -> AnyResponse:
        typed = self._typed()
        try:
            token, name = self._received(request.files.get("file"))
        except LibHubError as error:
            return self._ask(str(error))
        try:
            if self._held(token).stat().st_size > self.most_bytes:
                raise LibHubError(_("The file is larger than %(most)d MB.", most=self.megabytes))
            look = look_at_table(self._held(token), self.layout) if self.layout else None
            if look is not None:
                typed = typed | {COLUMNS: joined(remembered(section, look))}
            report = self._tried(token, typed)
        except LibHubError as error:
            drop_upload(token)
            return self._ask(str(error))
        PendingImport(token, section, name, typed, report, look=look).keep()
        return redirect(_page_of(section, token))

    def _tried(self, token: str, typed: Mapping[str, str]) -> Report:
        """Return what an import would do; with other columns it may be possible where it is not."""
        try:
            return self.take(self._held(token), typed, True)
        except UnreadableFile as error:
            if self.layout is None:
                raise
            return Report(problems=[Problem(_("Columns"), str(error))])

    def _choose_columns(self, pending: PendingImport) -> AnyResponse:
        """Look once more with other columns, and remember them for tables with the same headers."""
        here = _page_of(pending.section, pending.token)
        assert self.layout is not None
        if pending.look is None:
            return redirect(here)
        known = {column.name for column in self.layout.columns}
        sent = [request.form.get(f"column-{place}", "") for place in range(len(pending.look.headers))]
        names = [name if name in known else "" for name in sent]
        try:
            typed = {**pending.typed, COLUMNS: joined(names)}
            report = self._tried(pending.token, typed)
        except LibHubError as error:
            return self._ask(str(error))
        if report.added or report.changed or report.unchanged or report.lines:
            remember(pending.section, pending.look, names)
        pending.keep(typed=typed, report=report, changed=False)
        return redirect(here)

    def _show(self, section: str, token: str) -> AnyResponse:
        pending = _pending(section, token)
        if pending is None:
            flash(_gone(), "error")
            return redirect(url_for(f"{section}.import_page"))
        if pending.address and not pending.done:
            return redirect(pending.address)
        return page(
            "kit/import_report.html",
            importer=self,
            pending=pending,
            report=pending.report,
            shown=SHOWN,
            columns=chosen(pending.typed) or (),
            lines=line_choices.by_kind(pending.report, self.kinds),
            picked=line_choices.chosen(pending.typed),
        )

    def _settle(self, section: str, token: str, act: Callable[[PendingImport], AnyResponse]) -> AnyResponse:
        """Do something with an import that nobody else does anything with; it may be done when it is one's turn."""
        if _pending(section, token) is None:
            return self._ask(_gone())
        try:
            with pending_imports.claimed(token):
                pending = _pending(section, token)
                if pending is None:
                    return self._ask(_gone())
                return redirect(pending.address or _page_of(section, token)) if pending.done else act(pending)
        except HeldElsewhere:
            flash(_("It is being imported at this moment. Look here again in a minute."), "warning")
            return redirect(_page_of(section, token))

    def _received(self, sent: FileStorage | None) -> tuple[str, str]:
        if sent is not None and sent.filename:
            return hold_upload(sent.stream), sent.filename
        typed = self._typed()
        pasted = request.form.get("pasted", "") if self.paste else ""
        if pasted.strip():
            return hold_upload(io.BytesIO(pasted.encode())), _("what was pasted")
        fetched = self.fetch(typed)
        if fetched is None:
            raise LibHubError(
                _("Choose a file first, or paste the rows.") if self.paste else _("Choose a file first.")
            )
        return hold_upload(io.BytesIO(fetched)), next(iter(typed.values()), "")

    def job_kind(self) -> JobKind:
        """Return the kind of job that brings large files in."""
        return JobKind(self.job, self.title, self._do_job, self.permission)

    def _do_job(self, work: JobWork, *, token: str, typed: Mapping[str, str]) -> JobResult:
        assert self.take_long is not None
        path, pending = self._held(token), pending_imports.find(token)
        build = current_app.url_map.bind("").build
        try:
            with as_shown(pending.report) if pending else nullcontext():
                report = self.take_long(path, typed, work.progress)
        except ChangedSincePreview:
            assert pending is not None
            pending.keep(report=self.take(path, typed, True), changed=True, address="")
            return JobResult(
                _l(
                    "Something was changed here since you looked at what the import would do. Look at it once more."
                ),
                build(f"{pending.section}.import_preview", {"token": token}),
            )
        drop_upload(token)
        if pending:
            pending.keep(report=report, done=True, address="")
        return JobResult(
            _l(
                "Brought in. New: %(added)d, changed: %(changed)d, unchanged: %(unchanged)d, left out: %(problems)d. %(why)s",
                added=report.added,
                changed=report.changed,
                unchanged=report.unchanged,
                problems=len(report.problems),
                why="; ".join(f"{each.where}: {each.text}" for each in report.problems[:TOLD]),
            ),
            build(self.above[1]),
        )

    def _import(self, pending: PendingImport) -> AnyResponse:
        """Do what was shown; the file stays until it is done, so that a crash costs nothing."""
        here = _page_of(pending.section, pending.token)
        picked = line_choices.picked(pending.report, request.form)
        if picked is not None:
            pending = pending.keep(typed={**pending.typed, line_choices.LINES: picked})
        try:
            path = self._held(pending.token)
            if self.job and path.stat().st_size > AT_ONCE_BYTES:
                asked = {"token": pending.token, "typed": dict(pending.typed)}
                job_id = start_job(self.job, asked, started_by=current_viewer().user_id, key=pending.token)
                return redirect(pending.keep(address=url_for("jobs.show", job_id=job_id)).address)
            if not pending.report.found:
                now = self.take(path, pending.typed, True)
                if now.outcome() != pending.report.outcome():
                    pending.keep(report=now, changed=True)
                    return redirect(here)
            try:
                with as_shown(pending.report):
                    report = self.take(path, pending.typed, False)
            except ChangedSincePreview:
                pending.keep(report=self.take(path, pending.typed, True), changed=True)
                return redirect(here)
        except LibHubError as error:
            return self._ask(str(error))
        drop_upload(pending.token)
        address = self.then(report) or ""
        pending.keep(report=report, done=True, changed=False, address=address)
        return redirect(address or here)

    def _cancel(self, pending: PendingImport) -> AnyResponse:
        pending_imports.drop(pending.token)
        flash(_("Nothing was changed."), "success")
        return redirect(url_for(self.above[1]))

    def _held(self, token: str) -> Path:
        path = held_upload(token)
        if path is None:
            raise LibHubError(_gone())
        return path

    def _typed(self) -> dict[str, str]:
        return {name: request.form.get(name, "").strip() for name in self.asks}


def _pending(section: str, token: str) -> PendingImport | None:
    pending = pending_imports.find(token)
    return pending if pending is not None and pending.section == section else None


def _page_of(section: str, token: str) -> str:
    return url_for(f"{section}.import_preview", token=token)


def _gone() -> str:
    return _("This file was imported already, or it lay here for too long. Choose it again.")
