"""Examples of the kit's pages that need more than a row: what would change of ticked rows, what an import would do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from bs4 import BeautifulSoup
from flask import Flask, url_for
from flask.testing import FlaskClient

from libhub.kit.importing import Problem, Report
from libhub.kit.pending_imports import PendingImport

STANDING: Final[Sequence[Mapping[str, bool]]] = ({}, {"changed": True}, {"done": True})
TICKED: Final = 3
"""So many rows are ticked for an example."""


def previews(app: Flask, section: str, browser: FlaskClient) -> Iterator[str]:
    """Yield the addresses of what would change, for each of the actions that the librarian's table of a section offers."""
    with app.test_request_context():
        table = url_for(f"{section}.manage")
        states = {"": table}
    soup = BeautifulSoup(browser.get(table).text, "html.parser")
    states |= {
        str(each["value"]): f"{table}?state={each['value']}" for each in soup.select("#manage-state option")
    }
    done = set()
    for address in states.values():
        soup = BeautifulSoup(browser.get(address).text, "html.parser")
        numbers = [str(each["value"]) for each in soup.select("td.pick input[name=id]")][:TICKED]
        for option in soup.select("select[name=change] option[value]"):
            change = str(option["value"])
            if numbers and change and change.partition("=")[0] not in done:
                done.add(change.partition("=")[0])
                with app.test_request_context():
                    yield url_for(f"{section}.bulk_preview", id=numbers, change=change, text="Слово")


def imports(app: Flask, section: str, _browser: FlaskClient) -> Iterator[str]:
    """Yield the addresses of an import that waits for its yes, of one that was changed meanwhile, and of one that is done."""
    report = Report(
        added=2,
        changed=1,
        unchanged=40,
        problems=[Problem(7, "Адрес: так адрес не пишется."), Problem("Громкие чтения", "Это в архиве.")],
        notes=["Повторы без конца заканчиваются вместе с учебным годом."],
        unused=("Полка", "Примечание"),
    )
    for place, values in enumerate(STANDING):
        token = f"{place:x}" * 32
        with app.test_request_context():
            PendingImport(token, section, "таблица с длинным названием.csv", {}, report).keep(**values)
            yield url_for(f"{section}.import_preview", token=token)


EXAMPLES: Final[Mapping[str, Callable[[Flask, str, FlaskClient], Iterator[str]]]] = {
    "bulk_preview": previews,
    "import_preview": imports,
}
"""What yields the addresses of such a page, by the end of its endpoint."""
