"""``libhub doctor``: is the instance well?"""

import sys

import click
from sqlalchemy import select

from libhub.accounts.models import User
from libhub.base.db import db
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import Context
from libhub.files import housekeeping
from libhub.installation import indexer
from libhub.plugging import calls
from libhub.plugging.health import run_checks
from libhub.plugging.records import HealthCheck
from libhub.plugging.registry import get_registry


@click.command(help=str(_l("Check the instance: database, index, sections.")))
@click.pass_obj
def doctor(context: Context) -> None:
    with context.ready():
        checks = [
            HealthCheck(_("Database"), _check_database),
            HealthCheck(_("Search index"), _check_index),
            HealthCheck(_("Sections"), _check_plugins),
            HealthCheck(housekeeping.in_short(), housekeeping.problem),
            *(check for _plugin, some in calls.call("health_checks") for check in some),
        ]
        findings = run_checks(checks)
    for finding in findings:
        click.echo(
            f"{'✗' if finding.problem else '✓'} {finding.label}{': ' + finding.problem if finding.problem else ''}"
        )
    if any(finding.problem for finding in findings):
        sys.exit(1)


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


def _check_index() -> str | None:
    if indexer().needs_rebuild():
        return _("there is no usable index; run: libhub reindex")
    indexer().drain()
    difference = indexer().compare()
    if not difference:
        return None
    return _(
        "missing: %(missing)d, too much: %(surplus)d, waiting: %(waiting)d; run: libhub reindex",
        missing=len(difference.missing),
        surplus=len(difference.surplus),
        waiting=difference.waiting,
    )


def _check_plugins() -> str | None:
    broken = [f"{plugin.id}: {plugin.error}" for plugin in get_registry().plugins.values() if plugin.error]
    return "; ".join(broken) or None
