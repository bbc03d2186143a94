"""``libhub users …``: accounts are added, listed, brought in and out by tables, and get new passwords."""

import sys
from pathlib import Path

import click
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User
from libhub.accounts.permissions import ACCOUNT_ROLES, ROLES
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import Context
from libhub.kit.importing import Report, as_shown
from libhub.kit.tables import csv_files, workbooks
from libhub.people.exchange import importing
from libhub.people.exchange.columns import EXPORTED
from libhub.people.exchange.entries import read_people
from libhub.people.exchange.exporting import exported, of_class
from libhub.people.exchange.plan import CLOSE
from libhub.people.september.telling import promoted, undone


@click.group("users", help=str(_l("Add and list accounts, give new passwords.")))
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


@users_group.command(
    "import",
    help=str(_l("Bring people in from a table: XLSX, XLS, ODS or CSV. Nobody gets a password by it.")),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=str(_l("Only tell what would happen.")))
@click.option(
    "--close-gone",
    is_flag=True,
    help=str(_l("Close the accounts of pupils who are in the classes of the table, but not in it.")),
)
@click.pass_obj
def users_import(context: Context, file: Path, dry_run: bool, close_gone: bool) -> None:
    with context.ready():
        people = read_people(file)
        report = importing.look(people, {})
        chosen = {line.part: CLOSE for line in report.lines if line.kind == "gone" and close_gone}
        with as_shown(report):
            report = importing.look(people, chosen) if dry_run else importing.bring_in(people, chosen)
        _tell(report)


def _tell(report: Report) -> None:
    """Tell what an import did, or would do: line by line, then the sum."""
    for line in report.lines:
        click.echo(f"{importing.KINDS[line.kind]}\t{line.where}\t{line.title}\t{line.text}")
    for problem in report.problems:
        click.echo(f"{_('Left out')}\t{problem.where}\t\t{problem.text}")
    for note in report.notes:
        click.echo(note)
    doubtful = sum(line.kind == "doubtful" for line in report.lines)
    click.echo(
        _(
            "New: %(added)d, changed: %(changed)d, unchanged: %(unchanged)d, left out: %(problems)d, doubtful: %(doubtful)d.",
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            problems=len(report.problems),
            doubtful=doubtful,
        )
    )


@users_group.command("export", help=str(_l("Write everybody to a table that can be brought in again.")))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--class", "school_class", default="", help=str(_l("Only of this class, such as 5А.")))
@click.pass_obj
def users_export(context: Context, file: Path, school_class: str) -> None:
    if file.suffix.lower() not in {".xlsx", ".csv"}:
        raise LibHubError(_("The file is called .xlsx or .csv."))
    with context.ready():
        people = exported(of_class(school_class) if school_class else ())
        if file.suffix.lower() == ".csv":
            text = "".join(csv_files.write(people, EXPORTED, current_locale()))
            file.write_bytes(text.encode())
        else:
            with file.open("wb") as body:
                workbooks.write(people, EXPORTED, body, current_locale())
        click.echo(_("Written: %(name)s", name=file))


@users_group.command(
    "promote",
    help=str(_l("Begin the new school year: all classes one grade up, the last ones out.")),
)
@click.option(
    "--first", default="", help=str(_l("Letters of the first classes to be made, one after the other."))
)
@click.option("--dry-run", is_flag=True, help=str(_l("Say what would be done, and do nothing.")))
@click.option(
    "--undo", is_flag=True, help=str(_l("Undo the last beginning of a school year, within 30 days."))
)
@click.pass_obj
def users_promote(context: Context, first: str, dry_run: bool, undo: bool) -> None:
    with context.ready():
        for line in undone(dry_run=dry_run) if undo else promoted(first, dry_run=dry_run):
            click.echo(line)
