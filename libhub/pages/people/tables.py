"""People in from a table, after a look at what becomes of each line, and out to one."""

from collections.abc import Mapping
from pathlib import Path

from flask import Response, request
from sqlalchemy import ColumnElement, and_, or_

from libhub.accounts.models import User
from libhub.accounts.names import folded_login, folded_name
from libhub.accounts.school_class import find_class
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import today
from libhub.kit import column_choices, line_choices
from libhub.kit.importing import Report
from libhub.kit.pages.exporting import give_file
from libhub.kit.pages.importing import Importer
from libhub.kit.tables import MAX_FILE_BYTES, csv_files, workbooks
from libhub.kit.tables.workbooks import WORKBOOK_TYPE
from libhub.pages.admin.people import blueprint
from libhub.people.exchange import importing
from libhub.people.exchange.columns import EXPORTED, LAYOUT
from libhub.people.exchange.entries import read_people
from libhub.people.exchange.exporting import exported, of_class
from libhub.web.gate import requires
from libhub.web.limiting import limited


def _take(path: Path, typed: Mapping[str, str], dry_run: bool) -> Report:
    people = read_people(path, column_choices.chosen(typed))
    act = importing.look if dry_run else importing.bring_in
    return act(people, line_choices.chosen(typed))


IMPORT = Importer(
    permission="users.manage",
    take=_take,
    section=_l("People"),
    above=(_l("People"), "users.index"),
    title=_l("Bring people in from a table"),
    about=_l(
        "The list of a class or of the whole school, as it is: with names, classes and what else there is. Titles above it do no harm."
    ),
    label=_l("Table: XLSX, XLS, ODS or CSV"),
    accept=".xlsx,.xls,.ods,.csv,.txt",
    most_bytes=MAX_FILE_BYTES,
    template="people/import.html",
    context=lambda: {"columns": LAYOUT.columns},
    paste=True,
    layout=LAYOUT,
    kinds=importing.KINDS,
)
IMPORT.add_to(blueprint)


@blueprint.get("/export.xlsx")
@requires("users.manage")
@limited(20, methods=("GET",))
def export_xlsx() -> Response:
    """Give the people that are asked for as a workbook."""
    things = exported(_asked_for())
    return give_file(
        lambda body: workbooks.write(things, EXPORTED, body, current_locale()),
        f"{_file_name()}.xlsx",
        WORKBOOK_TYPE,
    )


@blueprint.get("/export.csv")
@requires("users.manage")
@limited(20, methods=("GET",))
def export_csv() -> Response:
    """Give the people that are asked for as a table for any program."""
    text = "".join(csv_files.write(exported(_asked_for()), EXPORTED, current_locale()))
    return give_file(
        lambda body: body.write(text.encode()),
        f"{_file_name()}.csv",
        "text/csv; charset=utf-8",
    )


def _file_name() -> str:
    return _("People") + f" {today():%Y-%m-%d}"


def _asked_for() -> list[ColumnElement[bool]]:
    """Return the conditions of the list from which one comes: of a class, or with a text in name or user name."""
    text = request.args.get("q", "").strip()[:80]
    if not text:
        return []
    if find_class(text):
        return of_class(text)
    words = [User.sort_name.contains(word, autoescape=True) for word in folded_name(text).split()]
    return [or_(User.login_key.contains(folded_login(text), autoescape=True), and_(*words))]
