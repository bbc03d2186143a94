"""Examples of the kit's pages that a section, or a part of the core, has by itself: every state of its table, what would change, what an import does."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from bs4 import BeautifulSoup, Tag
from flask import Flask, url_for
from flask.testing import FlaskClient

from libhub.kit.importing import Problem, Report
from libhub.kit.pending_imports import PendingImport

TICKED: Final = 3
"""So many rows are ticked for an example."""
PREVIEWS: Final = 2
"""Of one section."""
REPORT: Final = Report(
    added=2,
    changed=1,
    unchanged=40,
    problems=[Problem(7, "Адрес: так адрес не пишется."), Problem("Громкие чтения", "Это в архиве.")],
    notes=["Повторы без конца заканчиваются вместе с учебным годом."],
    unused=("Полка", "Примечание"),
)
"""What a file of a school came to; its words are the file's."""
STANDING: Final[Sequence[Mapping[str, bool]]] = ({}, {"changed": True}, {"done": True})
"""An import that waits for its yes, one that was changed meanwhile, and one that is done."""


def tables(app: Flask, section: str, browser: FlaskClient) -> Iterator[str]:
    """Yield the address of the librarian's table of a section in each of its states; of the core's people it is the index."""
    endpoint = f"{section}.manage" if f"{section}.manage" in app.view_functions else f"{section}.index"
    with app.test_request_context():
        table = url_for(endpoint)
    yield table
    states = _page(browser, table).select("#manage-state option[value]")
    yield from (f"{table}?state={each['value']}" for each in states if each["value"])


def previews(app: Flask, section: str, browser: FlaskClient) -> Iterator[str]:
    """Yield addresses of what would change: actions that the table of a section offers."""
    yield from islice(_previews(app, section, browser), PREVIEWS)


def _previews(app: Flask, section: str, browser: FlaskClient) -> Iterator[str]:
    done = set()
    for address in tables(app, section, browser):
        page = _page(browser, address)
        numbers = [str(each["value"]) for each in page.select("td.pick input[name=id]")][:TICKED]
        for option in page.select("select[name=change] option[value]"):
            change = str(option["value"])
            if numbers and change and change.partition("=")[0] not in done:
                done.add(change.partition("=")[0])
                with app.test_request_context():
                    yield url_for(f"{section}.bulk_preview", id=numbers, change=change, text="Слово")


def imports(app: Flask, section: str, _browser: FlaskClient) -> Iterator[str]:
    """Yield the addresses of imports, see :data:`STANDING`."""
    for place, values in enumerate(STANDING):
        token = hashlib.sha256(f"{section}/{place}".encode()).hexdigest()[:32]
        with app.test_request_context():
            PendingImport(token, section, "2026-long-name-of-a-table.csv", {}, REPORT).keep(**values)
            yield url_for(f"{section}.import_preview", token=token)


def _page(browser: FlaskClient, address: str) -> Tag:
    return BeautifulSoup(browser.get(address).text, "html.parser")


EXAMPLES: Final[Mapping[str, Callable[[Flask, str, FlaskClient], Iterator[str]]]] = {
    "manage": tables,
    "bulk_preview": previews,
    "import_preview": imports,
}
"""What yields the addresses of such a page, by the end of its endpoint."""
