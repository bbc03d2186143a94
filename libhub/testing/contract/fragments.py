"""Every address is asked for a fragment, as htmx does, by everybody; what comes is a part of the page."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.exceptions import HTTPException

from libhub.testing.walking import ROLES, Address, Examples, Seen, browser_of, leads_to, without_tokens
from libhub.web.gate import owner_of

FRAGMENT: Final = {"HX-Request": "true"}
Furnished = tuple[list[Address], Seen]


@pytest.fixture(scope="module")
def addresses(
    house: Flask, furnished: Furnished, seen: list[Seen], examples: Mapping[str, Examples]
) -> list[Address]:
    """The addresses of the examples, and one for each kind of link that stands on a page."""
    reasons = {name for some in examples.values() for name in some.NO_PAGES}
    found = [each for each in furnished[0] if each.rule and each.rule.endpoint not in reasons]
    known = {each.path for each in found}
    with house.app_context():
        for address in _linked(house, seen, examples):
            if address.path not in known and address.rule and address.rule.endpoint not in reasons:
                known.add(address.path)
                found.append(address)
    return found


def _linked(app: Flask, seen: list[Seen], sections: Mapping[str, Examples]) -> Iterator[Address]:
    """Yield where the links of pages lead, once for each route and the names of what its address says besides."""
    kinds = set()
    for page in seen:
        for link in BeautifulSoup(page.html, "html.parser").select("main a[href]"):
            parts = urlsplit(urljoin(page.address.path, str(link["href"])))
            if parts.netloc or parts.scheme:
                continue
            try:
                rule = leads_to(app, parts.path)
            except HTTPException:
                continue
            section = owner_of(rule.endpoint) or "core"
            kind = (rule.rule, tuple(sorted(each.partition("=")[0] for each in parts.query.split("&"))))
            if kind not in kinds and section in sections and rule.endpoint != "static":
                kinds.add(kind)
                yield Address(section, f"{parts.path}?{parts.query}" if parts.query else parts.path, rule)


@pytest.mark.parametrize("role", ROLES)
def test_a_fragment_is_a_part_of_the_page(house: Flask, addresses: list[Address], role: str) -> None:
    browser, wrong = browser_of(house, role), []
    for address in addresses:
        with browser.get(address.path) as whole, browser.get(address.path, headers=FRAGMENT) as part:
            whole_page, fragment = whole.get_data(as_text=True), part.get_data(as_text=True)
        if whole.status_code >= 500 or part.status_code >= 500:
            wrong.append(f"{address.path}: {whole.status_code}, as a fragment {part.status_code}")
        elif whole.status_code != 200 or whole.mimetype != "text/html":
            continue
        elif part.status_code != 200 or not _is_part(fragment, whole_page):
            wrong.append(f"{address.path}: the fragment ({part.status_code}) is no part of the page")
    assert not wrong, "\n".join(wrong)


def _is_part(fragment: str, page: str) -> bool:
    if fragment.startswith("<!doctype"):
        return True  # a page that is never taken apart
    body = fragment.partition("</title>")[2] or fragment
    return without_tokens(body).strip() in without_tokens(page)
