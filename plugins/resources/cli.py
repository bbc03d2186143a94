"""``libhub resources …``: import and export tables, check links."""

from pathlib import Path

import click

from libhub.api import ImportReport, ngettext, progress_bar, tables, update_index
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.resources import link_check
from plugins.resources.exchange import importing
from plugins.resources.exchange.columns import LAYOUT
from plugins.resources.vocabulary import BROKEN_STATES, LINK_STATES


@click.command("import", help=str(_l("Import a table (CSV, XLSX) or the bookmarks of a browser.")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=str(_l("Only say what would happen; change nothing.")))
def import_command(file: Path, dry_run: bool) -> None:
    table = importing.read(file)
    with progress_bar(_("Reading")) as progress:
        report = importing.import_table(table, dry_run=dry_run, progress=progress)
    if not dry_run:
        with progress_bar(_("Indexing")) as progress:
            update_index(progress)
    if report.unused:
        click.echo(_("Columns that are not used: %(names)s", names=", ".join(report.unused)), err=True)
    for problem in report.problems:
        click.echo(_("line %(line)d: %(text)s", line=problem.where, text=problem.text), err=True)
    click.echo(summary(report))
    if dry_run:
        click.echo(_("Nothing was changed: this was a dry run."))


def summary(report: ImportReport) -> str:
    """Return the numbers of an import in one line."""
    left_out = len(report.problems)
    return "; ".join(
        (
            _("added: %(number)d", number=report.added),
            _("changed: %(number)d", number=report.changed),
            _("unchanged: %(number)d", number=report.unchanged),
            ngettext("%(num)d line left out", "%(num)d lines left out", left_out),
        )
    )


@click.command("export", help=str(_l("Write the directory as a table; the name ends with .csv or .xlsx.")))
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_command(file: Path) -> None:
    if file.suffix.lower() == ".xlsx":
        with file.open("wb") as workbook:
            tables.workbooks.write(importing.exported(), LAYOUT, workbook)
    elif file.suffix.lower() == ".csv":
        with file.open("w", encoding="utf-8", newline="") as table:
            table.writelines(tables.csv_files.write(importing.exported(), LAYOUT))
    else:
        raise click.UsageError(_("The name of the file must end with .csv or .xlsx."))
    click.echo(_("Written: %(path)s", path=file))


@click.command("check", help=str(_l("Look which links work; those that worked lately are left out.")))
@click.option("--all", "everything", is_flag=True, help=str(_l("Check every link.")))
def check_command(everything: bool) -> None:
    targets = link_check.targets(everything=everything)
    with progress_bar(_("Checking links")) as progress:
        outcome = link_check.check(targets, progress)
    for finding in outcome.findings:
        if finding.state != "ok":
            code = f" ({finding.code})" if finding.code else ""
            click.echo(f"{finding.target.url}\t{LINK_STATES[finding.state]}{code}\t{finding.target.title}")
    if outcome.offline:
        click.echo(_("No site can be reached, so this computer seems to be offline. No link was marked."))
    checked = len(outcome.findings)
    broken = sum(finding.state in BROKEN_STATES for finding in outcome.findings)
    click.echo(_("checked: %(checked)d; not working: %(broken)d", checked=checked, broken=broken))
