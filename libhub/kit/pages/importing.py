"""Import in the page: a file is chosen, looked at, and brought in after a yes; the report says what became of it."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, current_app, flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.checked_types import Label
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.importing import Report
from libhub.kit.jobs.starting import start_job
from libhub.kit.jobs.work import JobResult, JobWork
from libhub.kit.pending_uploads import drop_upload, held_upload, hold_upload
from libhub.plugging.records import JobKind
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
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
        may raise :class:`LibHubError`, and then nothing was done.
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

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the pages: ``import_page``, ``upload``, ``import_now`` and ``import_cancel``."""
        protect = requires(self.permission)

        @blueprint.get("/import", endpoint="import_page")
        @protect
        def import_page() -> AnyResponse:
            """Ask for the file."""
            return self._ask()

        @blueprint.post("/import", endpoint="upload")
        @protect
        def upload() -> AnyResponse:
            """Keep the file and say what an import would do; nothing is changed yet."""
            return self._look()

        @blueprint.post("/import/<token>", endpoint="import_now")
        @protect
        def import_now(token: str) -> AnyResponse:
            """Do what was shown."""
            return self._import(token)

        @blueprint.post("/import/<token>/cancel", endpoint="import_cancel")
        @protect
        def import_cancel(token: str) -> AnyResponse:
            """Forget the file."""
            drop_upload(token)
            flash(_("Nothing was changed."), "success")
            return redirect(url_for(self.above[1]))

    @property
    def megabytes(self) -> int:
        """How large a file may be."""
        most: int = current_app.config["MAX_CONTENT_LENGTH"]
        return min(self.most_bytes, most) // 1024**2

    def _ask(self, problem: str = "") -> AnyResponse:
        return page(
            self.template,
            importer=self,
            problem=problem,
            typed=request.form,
            status=422 if problem else 200,
            **self.context(),
        )

    def _look(self) -> AnyResponse:
        try:
            token, name = self._received(request.files.get("file"))
        except LibHubError as error:
            return self._ask(str(error))
        try:
            if self._held(token).stat().st_size > self.most_bytes:
                raise LibHubError(_("The file is larger than %(most)d MB.", most=self.megabytes))
            report = self._take(token, dry_run=True)
        except LibHubError as error:
            drop_upload(token)
            return self._ask(str(error))
        return self._tell(report, token, name)

    def _received(self, sent: FileStorage | None) -> tuple[str, str]:
        if sent is not None and sent.filename:
            return hold_upload(sent.stream), sent.filename
        typed = self._typed()
        fetched = self.fetch(typed)
        if fetched is None:
            raise LibHubError(_("Choose a file first."))
        return hold_upload(io.BytesIO(fetched)), next(iter(typed.values()), "")

    def job_kind(self) -> JobKind:
        """Return the kind of job that brings large files in."""
        return JobKind(self.job, self.title, self._do_job, self.permission)

    def _do_job(self, work: JobWork, *, token: str, typed: Mapping[str, str]) -> JobResult:
        assert self.take_long is not None
        report = self.take_long(self._held(token), typed, work.progress)
        drop_upload(token)
        page_after = current_app.url_map.bind("").build(self.above[1])
        return JobResult(
            _l(
                "Brought in. New: %(added)d, changed: %(changed)d, unchanged: %(unchanged)d, left out: %(problems)d. %(why)s",
                added=report.added,
                changed=report.changed,
                unchanged=report.unchanged,
                problems=len(report.problems),
                why="; ".join(f"{each.where}: {each.text}" for each in report.problems[:TOLD]),
            ),
            page_after,
        )

    def _import(self, token: str) -> AnyResponse:
        path = held_upload(token)
        if self.job and path and path.stat().st_size > AT_ONCE_BYTES:
            asked = {"token": token, "typed": dict(self._typed())}
            job_id = start_job(self.job, asked, started_by=current_viewer().user_id, key=token)
            return redirect(url_for("jobs.show", job_id=job_id))
        try:
            report = self._take(token, dry_run=False)
        except LibHubError as error:
            return self._ask(str(error))
        drop_upload(token)
        address = self.then(report)
        return redirect(address) if address else self._tell(report)

    def _take(self, token: str, *, dry_run: bool) -> Report:
        return self.take(self._held(token), self._typed(), dry_run)

    def _held(self, token: str) -> Path:
        path = held_upload(token)
        if path is None:
            raise LibHubError(
                _("This file was imported already, or it lay here for too long. Choose it again.")
            )
        return path

    def _typed(self) -> Mapping[str, str]:
        return {name: request.form.get(name, "").strip() for name in self.asks}

    def _tell(self, report: Report, token: str = "", name: str = "") -> AnyResponse:
        return page(
            "kit/import_report.html",
            importer=self,
            report=report,
            token=token,
            name=name,
            typed=self._typed(),
            shown=SHOWN,
        )
