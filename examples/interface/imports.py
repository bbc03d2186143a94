"""Imports."""

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint

from libhub.api import Importer, ImportProblem, ImportReport, writing_or_trying


def take(path: Path, _typed: Mapping[str, str], dry_run: bool) -> ImportReport:
    """Bring in a text of which each line is a book; of a dry run nothing is kept."""
    report = ImportReport()
    with writing_or_trying(dry_run=dry_run):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.strip():
                report.saw(
                    line, None
                )  # a book that is here already would be told with all that the import changes of it
                report.added += 1
            else:
                report.problems.append(ImportProblem(number, "There is nothing in this line."))
    return report


blueprint = Blueprint("board", __name__, url_prefix="/board")
Importer(
    permission="board.edit",
    take=take,
    section="Board",
    above=("Manage", "board.manage"),
    title="Import books",
    about="A text with a book in each line.",
    label="File",
    accept=".txt",
    most_bytes=1024**2,
).add_to(blueprint)
