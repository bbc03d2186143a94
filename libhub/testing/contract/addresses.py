"""Whatever somebody writes into an address: what is unknown is no page, nothing is logged, and nothing is written."""

import io
import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from libhub.accounts.permissions import ADMINISTRATOR, GUEST
from libhub.base.db import Base, db
from libhub.plugging.loading.registry import get_registry
from libhub.testing import make_app, release
from libhub.testing.visitors import viewer_with
from libhub.testing.walking import CORE, PEOPLE, Address, Examples, Seen, browser_of
from libhub.web.gate import owner_of
from libhub.web.lifecycle import TidyValues

UNKNOWN: Final = 999_999_999
"""A number that no row has."""
KEYS: Final = (
    *(str(UNKNOWN), "0", "-1", "01", "1.0", "1e3", "abc", "²", "٣", " ", "1 ", "\x07", "%", "None"),
    *("9" * 10, "9" * 30, "9" * 5000, "Ы" * 300, "1'--"),
)
"""Keys that no item has, however its section counts."""
_MAY_BE: Final = frozenset({"0", "01"})
"""Keys that may be the place of something, or the number of a row, written otherwise."""
VALUES: Final = (
    *("", " ", "-1", "0", str(UNKNOWN), str(2**31), "9" * 30, "9" * 5000, "1.5", "abc", "²", "٣", "\x00\x07"),
    *(
        "0001-01-01",
        "9999-12-31",
        "2026-02-30",
        "2026-W01-1",
        "20260101",
        "٢٠٢٦-٠١-٠١",
        "31.12.2026",
        "24:60",
    ),
)
"""What arguments of addresses may be."""
_VARIABLE: Final = re.compile(r"<(?:[^:<>]*:)?(\w+)>")
Furnished = tuple[list[Address], Seen]


@pytest.fixture(scope="module")
def changed_house(copied: Callable[[], Path], furnished: Furnished) -> Iterator[Flask]:
    """A hub with the things of the examples that may be changed."""
    app = make_app(copied())
    yield app
    release(app)


@pytest.fixture
def noise(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return a function: what was logged since it was called last."""
    caplog.set_level(logging.WARNING)

    def since() -> list[str]:
        said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
        caplog.clear()
        return said

    return since


def rules_of(app: Flask, sections: Collection[str]) -> list[Rule]:
    """Return the addresses of these sections, static files left out."""
    with app.app_context():
        return [
            rule
            for rule in app.url_map.iter_rules()
            if (owner_of(rule.endpoint) or CORE) in sections and rule.endpoint.rpartition(".")[2] != "static"
        ]


def test_no_kind_of_items_stumbles_over_a_key(house: Flask, examples: Mapping[str, Examples]) -> None:
    """A kind whose keys are numbers of rows says so: ``numbered=True``, which the kit's kinds do by themselves."""
    wrong = []
    for username in (None, PEOPLE[ADMINISTRATOR][0]):
        viewer = viewer_with(house, username)
        with house.test_request_context():
            for kind in get_registry().item_types.values():
                if kind.plugin not in examples:
                    continue
                questions: dict[str, Callable[[], Collection[object]]] = {
                    "documents": partial(kind.documents, KEYS),
                    "summaries": partial(kind.summaries, viewer, KEYS),
                    "editable": partial(kind.editable, viewer, KEYS) if kind.editable else tuple,
                }
                for name, ask in questions.items():
                    try:
                        found = ask()
                    except Exception as error:  # noqa: BLE001 - told below, by the name of the kind
                        found = [f"{type(error).__name__}: {error}"]
                    if found:
                        wrong.append(f"{kind.plugin}/{kind.kind}: {name} of keys that nothing has: {found}")
    assert not wrong, "numbered=True says that all keys are numbers:\n" + "\n".join(wrong)


@pytest.mark.parametrize("role", [GUEST, ADMINISTRATOR])
def test_files_of_nothing_are_no_page(
    changed_house: Flask, examples: Mapping[str, Examples], noise: Callable[[], list[str]], role: str
) -> None:
    browser, app = browser_of(changed_house, role), changed_house
    with app.app_context():
        kinds = [each for each in get_registry().item_types if each[0] in examples]
    noise()
    for plugin, kind in [*kinds, *((plugin, "nothing") for plugin in sorted(examples))]:
        for key in KEYS:
            path = f"/files/of/{plugin}/{kind}/{quote(key)}"
            assert browser.get(path).status_code == 404, path
            sent = {"files": (io.BytesIO(b"text"), "a.txt")}
            assert browser.post(path, data=sent).status_code == 404, path
            assert noise() == [], path


def test_what_is_unknown_is_no_page(
    changed_house: Flask,
    furnished: Furnished,
    examples: Mapping[str, Examples],
    noise: Callable[[], list[str]],
) -> None:
    """Each variable of each address in turn is what nobody has; the others are as in the examples, where these know them."""
    app, wrong = changed_house, []
    known = _known_values(app, furnished[0])
    browsers = {role: browser_of(app, role) for role in (GUEST, ADMINISTRATOR)}
    before = _numbers_of_rows(app)
    for rule in rules_of(app, examples):
        for name in sorted(rule.arguments - (rule.defaults or {}).keys()):
            for value in (each for each in KEYS if each not in _MAY_BE):
                path = _path(rule, {**known.get(rule.endpoint, {}), name: value})
                for role, browser in browsers.items():
                    for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                        noise()
                        with browser.open(path[:2000], method=method) as answer:
                            status = answer.status_code
                        said = noise()
                        number = f"<int:{name}>" in rule.rule
                        strict = method == "GET" and role == ADMINISTRATOR and number
                        if status >= 500 or said or (strict and status != 404):
                            wrong.append(f"{role} {method} {path[:80]}: {status} {said}")
    assert not wrong, "\n".join(wrong)
    assert _numbers_of_rows(app) == before, "rows that belong to nothing"


def _known_values(app: Flask, addresses: Collection[Address]) -> dict[str, dict[str, Any]]:
    """Return by endpoint what the variables of an address of the examples are."""
    map_of_all = app.url_map.bind("")
    return {
        endpoint: dict(values)
        for endpoint, values in (
            map_of_all.match(each.path.partition("?")[0]) for each in addresses if each.rule
        )
    }


def _path(rule: Rule, values: Mapping[str, Any]) -> str:
    return _VARIABLE.sub(lambda found: quote(str(values.get(found[1], UNKNOWN)), safe=""), rule.rule)


_COUNTING: Final = frozenset({"core_limit", "core_table_token"})
"""Tables that count tries and changes: they belong to no thing."""


def _numbers_of_rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
            if name not in _COUNTING
        }


class Asked(TidyValues):
    """Values that note by which names somebody asks for them."""

    names: set[str]

    def get(self, key: str, *more: Any, **named: Any) -> Any:
        """Return a value."""
        self.names.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: str, *more: Any, **named: Any) -> Any:
        """Return all values of a name."""
        self.names.add(key)
        return super().getlist(key, *more, **named)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)


def test_no_page_stumbles_over_an_argument(
    house: Flask,
    furnished: Furnished,
    seen: list[Seen],
    noise: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each page gets every argument that it asks for, or a form offers, with each of the values: all at once.

    Where that is no page, each gets it alone: one that is refused hides the others.
    """
    browser, wrong = browser_of(house, ADMINISTRATOR), []
    offered = _offered(seen)
    for address in furnished[0]:
        if address.rule is None:
            continue
        path = address.path.partition("?")[0]
        names: set[str] = set(offered.get(path, ()))
        with monkeypatch.context() as patch:
            patch.setattr(Asked, "names", names, raising=False)
            patch.setattr(house.request_class, "parameter_storage_class", Asked)
            browser.get(address.path).close()
        for value in VALUES if names else ():
            waiting = [names]
            for some in waiting:
                noise()
                with browser.get(path, query_string=dict.fromkeys(some, value)) as answer:
                    answer.get_data()
                said = noise()
                if answer.status_code >= 500 or said:
                    wrong.append(f"{path} {sorted(some)}={value[:40]!r}: {answer.status_code} {said}")
                if answer.status_code != 200 and len(some) > 1:
                    waiting += [{name} for name in sorted(some)]
    assert not wrong, "\n".join(wrong)


def _offered(seen: Collection[Seen]) -> dict[str, set[str]]:
    """Return by path what the forms of pages ask with."""
    found: dict[str, set[str]] = {}
    for page in seen:
        for form in BeautifulSoup(page.html, "html.parser").select(
            "main form[method=get], main form:not([method])"
        ):
            path = str(form.get("action") or page.address.path).partition("?")[0]
            found.setdefault(path, set()).update(str(field["name"]) for field in form.select("[name]"))
    return found
