"""What is sent rests on what was seen: an order, a step up or down, ticks and a yes change nothing where it is so no more."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from libhub.testing.queries import counted_queries
from libhub.testing.walking import Seen, browser_of

MARK = re.compile(r"seen(?:-\d+)?")
STEPS = {"up", "down"}
WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b(?!.*\bcore_(?:user_session|sending|table_token)\b)",
    re.IGNORECASE | re.DOTALL,
)


def posted(seen: list[Seen]) -> Iterator[tuple[Seen, Tag]]:
    """Yield the forms that change something, with the pages on which they stand."""
    for page in seen:
        for form in BeautifulSoup(page.html, "html.parser").select("main form[method=post]"):
            yield page, form


def marks(form: Tag) -> list[Tag]:
    """Return the fields of a form that say what was seen."""
    return [field for field in form.select("input[type=hidden][name]") if MARK.fullmatch(str(field["name"]))]


def moves(form: Tag) -> bool:
    """Say whether a form moves something among others."""
    buttons = {str(each.get(name, "")) for each in form.select("button") for name in ("name", "value")}
    return bool(STEPS & {str(form.get("action", "")).rpartition("/")[2], *buttons})


@pytest.fixture(scope="module")
def marked(house: Flask, seen: list[Seen]) -> list[tuple[Seen, Tag]]:
    """A form with a mark of each kind, and the page on which it stands."""
    kinds: dict[tuple[object, ...], tuple[Seen, Tag]] = {}
    for page, form in posted(seen):
        if marks(form):
            names = tuple(sorted({MARK.sub("seen", str(each["name"])) for each in form.select("[name]")}))
            target = re.sub(r"\d+", "", str(form.get("action") or page.address.path).partition("?")[0])
            kinds.setdefault((page.role, target, names), (page, form))
    return list(kinds.values())


def test_what_moves_something_says_among_what(seen: list[Seen]) -> None:
    forgetful = [
        f"{page}: {form.get('action')}" for page, form in posted(seen) if moves(form) and not marks(form)
    ]
    assert not forgetful, "use ui.seen() in the form and as_seen() where it is sent"


def test_ticks_are_shown_before_they_do_something(house: Flask, seen: list[Seen]) -> None:
    found = [
        page for page in seen if page.address.rule and page.address.rule.endpoint.endswith(".bulk_preview")
    ]
    tables = [page for page in seen if 'class="pick"' in page.html]
    assert bool(found) == bool(tables)
    for page in found:
        (form,) = (form for _page, form in posted([page]) if form.select("[name=id]"))
        assert len(marks(form)) == len(form.select("[name=id]")), page


def test_another_state_than_was_seen_changes_nothing(house: Flask, marked: list[tuple[Seen, Tag]]) -> None:
    browsers: dict[str, FlaskClient] = {}
    wrong = []
    for page, form in marked:
        if page.role not in browsers:  # each signs in, and a person has so many sessions only
            browsers[page.role] = browser_of(house, page.role)
        browser = browsers[page.role]
        sent: dict[str, list[str]] = {}
        for field in form.select("input[type=hidden][name], button[name]"):
            old = MARK.fullmatch(str(field["name"]))
            sent.setdefault(str(field["name"]), []).append("0" * 20 if old else str(field.get("value", "")))
        for field in form.select("textarea[name], input[type=text][name], input:not([type])[name]"):
            sent.setdefault(str(field["name"]), []).append(str(field.get("value", "") or field.get_text()))
        target = str(form.get("action") or page.address.path)
        with counted_queries(house) as log, browser.post(target, data=sent) as answer:
            assert answer.status_code < 500, f"{page}: {target}"
        if written := [each for each in log.statements if WRITES.match(each)]:
            wrong.append(f"{page}: {target}: {written[0][:80]}")
    assert not wrong, "\n".join(wrong)
