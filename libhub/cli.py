"""The command line. Every error is one clear line and a non-zero exit."""

import gettext as python_gettext
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from libhub import __version__
from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User
from libhub.accounts.permissions import ACCOUNT_ROLES, ROLES
from libhub.app import create_app
from libhub.base.audit import Actor, acting_as
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import CATALOG_FOLDER, DEFAULT_LOCALE, ngettext
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.progress import progress_bar
from libhub.config import get_config, load_config
from libhub.files import housekeeping
from libhub.installation import indexer, prepare, upgrade
from libhub.pages.sign_in import setup_url
from libhub.plugging import calls, migrations, state
from libhub.plugging.health import run_checks
from libhub.plugging.records import HealthCheck
from libhub.plugging.registry import get_registry
from libhub.plugging.switching import switch
from libhub.serving.server import addresses, open_socket, serve, set_aside_log

logger = logging.getLogger(__name__)
COMMAND_LINE = Actor(None, "libhub")


class Context:
    """What the commands share: the application, built when a command first needs it."""

    @cached_property
    def app(self) -> Flask:
        """The application of the instance."""
        return create_app(load_config())

    @contextmanager
    def ready(self) -> Iterator[Flask]:
        """Enter the application, its schema checked; changes are logged as made by the command line.

        :raises LibHubError: the instance was not set up, or its database has to be upgraded first.
        """
        with self.app.app_context(), acting_as(COMMAND_LINE):
            if migrations.pending(get_registry(), db.engine):
                raise LibHubError(_("The instance is not up to date. Run: libhub upgrade"))
            yield self.app


class Hub(click.Group):
    """The commands of the core; any other name is a plugin that has commands of its own."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of the core, else the group of a plugin."""
        known = super().get_command(ctx, cmd_name)
        if known is not None or not cmd_name.isidentifier():
            return known
        context = ctx.ensure_object(Context)
        with context.app.app_context():
            plugin = get_registry().plugins.get(cmd_name)
            if plugin is None or not plugin.commands:
                return None
            return _plugin_group(cmd_name, plugin.commands, plugin.description(get_config().locale))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the core's commands and the plugins that have some."""
        try:
            plugins = ctx.ensure_object(Context).app.extensions["libhub.plugins"].working()
        except LibHubError:
            plugins = []  # a wrong setting is told by the command itself; --help works nevertheless
        return sorted([*super().list_commands(ctx), *(plugin.id for plugin in plugins if plugin.commands)])


def _plugin_group(plugin_id: str, commands: list[click.Command], help_text: str) -> click.Group:
    @click.pass_obj
    def enter(context: Context) -> None:
        click.get_current_context().with_resource(context.ready())
        if plugin_id not in state.enabled_plugins():
            raise LibHubError(_("The section “%(id)s” is switched off.", id=plugin_id))

    group = click.Group(plugin_id, callback=enter, help=help_text)
    for command in commands:
        group.add_command(command)
    return group


@click.group(cls=Hub, help=str(_l("LibHub, the intranet of a school library.")))
@click.version_option(
    __version__, prog_name="LibHub", message="%(prog)s %(version)s", help=str(_l("Show the version."))
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    ctx.ensure_object(Context)


@cli.command(help=str(_l("Prepare the instance: folder, database, starter content. Safe to repeat.")))
@click.option("--yes", is_flag=True, help=str(_l("Ask no question.")))
@click.pass_obj
def setup(context: Context, yes: bool) -> None:
    config = load_config()
    if not yes and not config.instance.exists():
        click.confirm(_("Create a new instance in %(path)s?", path=config.instance), abort=True)
    _prepare(context)
    click.echo(_("The instance in %(path)s is ready. Start it with: libhub serve", path=config.instance))


def _prepare(context: Context) -> None:
    with acting_as(COMMAND_LINE), progress_bar(_("Indexing")) as progress:
        done = prepare(context.app, progress)
    if done.upgraded:
        click.echo(_("Database upgraded: %(ids)s", ids=", ".join(done.upgraded)))
    if done.filled:
        click.echo(_("Starter content loaded: %(ids)s", ids=", ".join(done.filled)))


@cli.command("serve", help=str(_l("Serve the hub; prepares the instance first.")))
@click.option("--host", help=str(_l("Address to listen on; 0.0.0.0 for the whole network.")))
@click.option("--port", type=click.IntRange(1, 65535), help=str(_l("Port to listen on.")))
@click.option("--workers", type=click.IntRange(1, 64), help=str(_l("Processes that answer requests.")))
@click.pass_obj
def serve_command(context: Context, host: str | None, port: int | None, workers: int | None) -> None:
    given = {"host": host, "port": port, "workers": workers}
    config = load_config().model_copy(
        update={key: value for key, value in given.items() if value is not None}
    )
    listening = open_socket(config.host, config.port)
    set_aside_log(config)
    _prepare(context)
    urls = addresses(config.host, config.port)
    with context.app.app_context():
        link = setup_url(urls[0])
        db.session.remove()
        db.engine.dispose()

    def announce() -> None:
        click.echo(_("LibHub %(version)s is running: %(urls)s", version=__version__, urls="  ".join(urls)))
        if len(urls) == 1 and config.host in {"127.0.0.1", "localhost"}:
            click.echo(_("Only this computer can open it. For the whole network: --host 0.0.0.0"))
        if link:
            click.echo(_("Create the administrator's account (once): %(link)s", link=link))
        click.echo(_("Stop with Ctrl+C."))

    serve(config, listening, announce)


@cli.command("upgrade", help=str(_l("Bring the database up to date with the program.")))
@click.pass_obj
def upgrade_command(context: Context) -> None:
    with context.app.app_context(), acting_as(COMMAND_LINE):
        done = upgrade()
    click.echo(_("Upgraded: %(ids)s", ids=", ".join(done)) if done else _("Everything is up to date."))


@cli.command(help=str(_l("Build the search index anew from the database.")))
@click.pass_obj
def reindex(context: Context) -> None:
    with context.ready(), progress_bar(_("Indexing")) as progress:
        number = indexer().rebuild(progress)
        click.echo(ngettext("%(num)d item indexed.", "%(num)d items indexed.", number))


@cli.command(help=str(_l("Check the instance: database, index, sections.")))
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


@cli.group("plugins", help=str(_l("List sections and switch them on and off.")))
def plugins_group() -> None:
    pass


@plugins_group.command("list", help=str(_l("List installed sections.")))
@click.pass_obj
def plugins_list(context: Context) -> None:
    with context.ready():
        enabled = state.enabled_plugins()
        for plugin in get_registry().plugins.values():
            standing = _("broken") if plugin.error else _("on") if plugin.id in enabled else _("off")
            version = plugin.manifest.version if plugin.manifest else "—"
            click.echo(
                f"{plugin.id}\t{version}\t{standing}\t{plugin.error or plugin.name(get_config().locale)}"
            )


@plugins_group.command("enable", help=str(_l("Switch a section on, with what it needs.")))
@click.argument("plugin_id", metavar="ID")
@click.pass_obj
def plugins_enable(context: Context, plugin_id: str) -> None:
    _switch(context, plugin_id, enable=True)


@plugins_group.command("disable", help=str(_l("Switch a section off, with what needs it.")))
@click.argument("plugin_id", metavar="ID")
@click.pass_obj
def plugins_disable(context: Context, plugin_id: str) -> None:
    _switch(context, plugin_id, enable=False)


def _switch(context: Context, plugin_id: str, *, enable: bool) -> None:
    with context.ready():
        done = switch(plugin_id, enable=enable, actor=COMMAND_LINE)
    ids = ", ".join(plugin.id for plugin in done.plugins)
    if not ids:
        click.echo(_("Nothing to change."))
    elif enable:
        click.echo(_("Switched on: %(ids)s", ids=ids))
    else:
        click.echo(_("Switched off: %(ids)s", ids=ids))


@cli.group("users", help=str(_l("Add and list accounts, give new passwords.")))
def users_group() -> None:
    pass


def _password_from(stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(_("Password"), hide_input=True, confirmation_prompt=True))


@users_group.command("add", help=str(_l("Add an account.")))
@click.argument("login")
@click.option("--role", type=click.Choice(ACCOUNT_ROLES), required=True, help=str(_l("Role of the account.")))
@click.option("--name", required=True, help=str(_l("Name of the person.")))
@click.option("--class", "school_class", default="", help=str(_l("Class of a pupil, such as 5А.")))
@click.option("--password-stdin", is_flag=True, help=str(_l("Read the password from the standard input.")))
@click.pass_obj
def users_add(
    context: Context, login: str, role: str, name: str, school_class: str, password_stdin: bool
) -> None:
    password = _password_from(password_stdin)
    with context.ready():
        user = accounts.add_user(UserDetails(login, name, role, school_class=school_class), password)
        click.echo(_("Added: %(name)s", name=user.username))


@users_group.command("list", help=str(_l("List accounts.")))
@click.pass_obj
def users_list(context: Context) -> None:
    with context.ready():
        for user in db.session.scalars(select(User).order_by(User.username)):
            standing = "" if user.active else f"\t{_('disabled')}"
            click.echo(f"{user.username}\t{ROLES[user.role]}\t{user.name}{standing}")


@users_group.command(
    "reset-password", help=str(_l("Give an account a new password; it is signed out everywhere."))
)
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help=str(_l("Read the password from the standard input.")))
@click.pass_obj
def users_reset_password(context: Context, login: str, password_stdin: bool) -> None:
    password = _password_from(password_stdin)
    with context.ready():
        user = accounts.find_user(login)
        if user is None:
            raise LibHubError(_("There is no account “%(name)s”.", name=login))
        accounts.set_password(user.id, password, must_change_password=False)
        click.echo(_("The password was changed."))


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the exit code is 0 only when all went well."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    _translate_click()
    try:
        sys.exit(cli.main(args=arguments, prog_name="libhub", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        _fail(_("Stopped."), 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (LibHubError, OSError) as error:
        _fail(str(error), 1)
    except SQLAlchemyError as error:
        logger.exception("database error on the command line")
        _fail(_("The database cannot be used: %(error)s", error=getattr(error, "orig", None) or error), 1)
    except Exception as error:
        logger.exception("unexpected error on the command line")
        _fail(
            _("Unexpected error, written in the log: %(error)s", error=f"{type(error).__name__}: {error}"), 1
        )


def _translate_click() -> None:
    """Let click say "Usage" or "No such option" in the hub's language: it asks Python's own gettext."""
    os.environ["LANGUAGE"] = DEFAULT_LOCALE
    python_gettext.bindtextdomain("click", CATALOG_FOLDER)
    python_gettext.textdomain("click")


def _fail(message: str, code: int) -> None:
    click.echo(_("Error: %(message)s", message=message), err=True)
    sys.exit(code)
