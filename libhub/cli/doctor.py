"""``libhub doctor``: is the instance well?"""

import sys
from functools import partial
from typing import Final

import click
from flask import Flask
from sqlalchemy import select

from libhub.accounts.models import User
from libhub.base.db import db
from libhub.base.file_lock import HeldElsewhere
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.i18n import ngettext
from libhub.cli.context import Context
from libhub.files import housekeeping
from libhub.installation import indexer
from libhub.people.personal_data import erasing
from libhub.plugging import calls
from libhub.plugging.health import Finding, ask_sections, plugin_findings, run_checks, section_findings
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.records import HealthCheck
from libhub.search.store.index import IndexUnavailable
from libhub.search.store.time_limit import Patience
from libhub.web.visitor import current_viewer

WRITING_SECONDS: Final = 60
"""How long another process that writes the index is waited for."""


@click.command(help=str(_l("Check the instance: database, index, sections.")))
@click.pass_obj
def doctor(context: Context) -> None:
    with context.ready():
        checks = [
            HealthCheck(_("Database"), _check_database),
            HealthCheck(_("Search index"), partial(_check_index, context.app)),
            HealthCheck(housekeeping.in_short(), housekeeping.problem),
            HealthCheck(_("Erased people"), _check_erased),
        ]
        findings = [*run_checks(checks), *look_into_sections(context.app)]
    for finding in findings:
        sign = "✓" if not finding.problem else "⚠" if finding.warning else "✗"
        click.echo(f"{sign} {finding.label}{': ' + finding.problem if finding.problem else ''}")
    if any(finding.problem and not finding.warning for finding in findings):
        sys.exit(1)


def look_into_sections(app: Flask) -> list[Finding]:
    """Open what every visitor opens, ask the sections for the rest, and return what went wrong now or before."""
    app.test_client().get("/")
    with app.test_request_context("/"):
        ask_sections(current_viewer())
        findings = plugin_findings()
        calls.store_failures()
        return section_findings(findings)


def _check_database() -> str | None:
    if db.engine.dialect.name != "sqlite":
        db.session.execute(select(User.id).limit(1))
        return None
    with db.engine.connect() as connection:
        answer = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if answer != "ok":
        return str(answer)
    return _("rows point to rows that are gone: %(rows)s", rows=dangling[:5]) if dangling else None


def _check_erased() -> str | None:
    back = len(erasing.come_back())
    if not back:
        return None
    return ngettext(
        "%(num)d person who had been erased is in this copy of the database again; the next start of the hub erases them",
        "%(num)d people who had been erased are in this copy of the database again; the next start of the hub erases them",
        back,
    )


def _check_index(app: Flask) -> str | None:
    in_time = indexer(Patience(app).kinds(get_registry().item_types))
    try:
        difference = in_time.settle(timeout=WRITING_SECONDS)
    except HeldElsewhere:
        return _("another process has been writing it for a minute; look again when it is done")
    except IndexUnavailable:
        return _("there is no usable index; run: libhub reindex")
    if not difference:
        return None
    return _(
        "missing: %(missing)d, too much: %(surplus)d, waiting: %(waiting)d; run: libhub reindex",
        missing=len(difference.missing),
        surplus=len(difference.surplus),
        waiting=difference.waiting,
    )
