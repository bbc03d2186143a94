"""Importing a file into the directory: line by line, in batches, safe to interrupt and to repeat.

A batch is one transaction, so a stop at any moment leaves whole resources only; the next run finds those by
their address and goes on. Between the batches other writers get their turn.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from libhub.api import (
    IMPORT_BATCH,
    IMPORT_PAUSE_SECONDS,
    ImportProblem,
    ImportReport,
    Invalid,
    db,
    in_batches,
    tables,
    touch,
    writing,
)
from libhub.api import gettext as _
from plugins.resources import rules
from plugins.resources.exchange.bookmarks import read_bookmarks
from plugins.resources.exchange.columns import LAYOUT
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData
from plugins.resources.vocabulary import FIELDS

Progress = Callable[[int, int], None]


def read(path: Path) -> tables.Table:
    """Open a table or the bookmarks of a browser.

    :raises tables.UnreadableFile: it is neither, or has no column with the address.
    """
    return tables.read_table(path, LAYOUT, read_bookmarks)


def import_table(
    table: tables.Table,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
    batch: int = IMPORT_BATCH,
    pause: float = IMPORT_PAUSE_SECONDS,
) -> ImportReport:
    """Bring the resources of a file into the directory; a line that will not do is reported and left out.

    :param progress: told the line that was reached and the last line of the file.
    :param pause: seconds between two transactions.
    :raises tables.UnreadableFile: the file turns out to be damaged on the way; the batches before it are kept.
    """
    run = _Import(table.only_new, dry_run, ImportReport(unused=table.unused))

    def take(rows: Sequence[tables.Row]) -> None:
        run.take(rows)
        progress(min(rows[-1].line, table.last_line), table.last_line)

    in_batches(table.rows, take, batch=batch, pause=0 if dry_run else pause)
    return run.report


class _Import:
    """Knows what the earlier lines of the file were about."""

    def __init__(self, only_new: bool, dry_run: bool, report: ImportReport) -> None:
        self.report = report
        self._only_new, self._dry_run = only_new, dry_run
        self._lines: dict[str, int] = {}
        self._taken: set[int] = set()

    def take(self, rows: Sequence[tables.Row]) -> None:
        """Bring a batch in, in one transaction."""
        transaction: AbstractContextManager[None] = nullcontext() if self._dry_run else writing()
        with transaction:
            self._take(rows)
        db.session.rollback()  # ends the reading transaction of a dry run and lets the batch's rows go

    def _take(self, rows: Sequence[tables.Row]) -> None:
        known = _known(rows)
        written: list[Resource] = []
        for row in rows:
            try:
                resource = self._take_row(row, known)
            except Invalid as error:
                self.report.problems.append(ImportProblem(row.line, _in_words(error)))
            else:
                if resource is not None:
                    written.append(resource)
        if not self._dry_run:
            db.session.flush()
            self._taken.update(resource.id for resource in written)
            touch([resource.ref for resource in written])

    def _take_row(self, row: tables.Row, known: Mapping[str, Sequence[Resource]]) -> Resource | None:
        """Return the resource that was added or changed, or None.

        :raises Invalid: the line will not do.
        """
        resource = self._match(row, known)
        before = rules.data_of(resource) if resource else ResourceData(title="", url="")
        self.report.saw(row.line, (resource.id, before) if resource else None)
        if row.problems:
            raise Invalid(row.problems)
        said = {name: value for name, value in row.values.items() if (name, value) != ("age", None)}
        after = replace(before, **said).checked()
        self._lines.setdefault(rules.url_key(after.url), row.line)
        if resource is None:
            self.report.added += 1
            resource = Resource(tags=[])
            if not self._dry_run:
                db.session.add(resource)
        else:
            self._taken.add(resource.id)
            if self._only_new or _same(before, after):
                self.report.unchanged += 1
                return None
            self.report.changed += 1
        if self._dry_run:
            return None
        rules.apply(resource, after)
        return resource

    def _match(self, row: tables.Row, known: Mapping[str, Sequence[Resource]]) -> Resource | None:
        """Return the resource of which a line speaks: the same address, of several the most similar one.

        :raises Invalid: an earlier line spoke of it, or it is in the archive.
        """
        key = _key(row)
        if key is None:
            return None  # the address itself will be refused
        candidates = [resource for resource in known.get(key, ()) if resource.id not in self._taken]
        present = [resource for resource in candidates if resource.archived_at is None]
        same = [resource for resource in present if resource.url == row.values["url"]]
        exact = [resource for resource in same if resource.title == row.values.get("title")]
        for found in (exact, same):
            if found:
                return found[0]
        if key in self._lines:
            raise Invalid({"url": _("The same address as in line %(line)d.", line=self._lines[key])})
        if present:
            return present[0]
        if candidates:
            raise Invalid({"url": _("This resource is in the archive; restore it there first.")})
        return None


def _in_words(error: Invalid) -> str:
    return " ".join(
        f"{FIELDS[name]}: {text}" if name in FIELDS else text for name, text in error.problems.items()
    )


def _key(row: tables.Row) -> str | None:
    try:
        return rules.url_key(str(row.values["url"]).strip()) or None
    except (KeyError, ValueError):
        return None


def _known(rows: Sequence[tables.Row]) -> dict[str, list[Resource]]:
    """Return the resources that have the addresses of these lines, by the key of the address."""
    keys = {key for row in rows if (key := _key(row))}
    query = select(Resource).where(Resource.url_key.in_(keys)).order_by(Resource.id)
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in db.session.scalars(query):
        found[resource.url_key].append(resource)
    return found


def _same(before: ResourceData, after: ResourceData) -> bool:
    return _comparable(before) == _comparable(after)


def _comparable(data: ResourceData) -> dict[str, object]:
    """Return the data with lists as sets: their order says nothing."""
    return {
        name: frozenset(value) if isinstance(value, tuple) else value for name, value in vars(data).items()
    }


def exported() -> Iterator[ResourceData]:
    """Return everything that is not in the archive, in the order in which it was added."""
    query = select(Resource).where(Resource.archived_at.is_(None)).order_by(Resource.id)
    for resource in db.session.scalars(query.execution_options(yield_per=500)):
        yield rules.data_of(resource)
