"""Every page of a section is opened: each address has an example or a reason, and nothing fails for anybody."""

from collections.abc import Collection, Mapping, Sequence

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from libhub.plugging.state import states, troubles
from libhub.testing.walking import CORE, ROLES, Address, Examples, Seen, browser_of, rules, see
from libhub.web.gate import owner_of

Furnished = tuple[list[Address], Seen]


@pytest.fixture(scope="module")
def reasons(examples: Mapping[str, Examples]) -> dict[str, str]:
    """Why endpoints show no page."""
    return {name: reason for some in examples.values() for name, reason in some.NO_PAGES.items()}


def without_example(
    some: Sequence[Rule], addresses: Sequence[Address], reasons: Collection[str]
) -> list[str]:
    """Return the routes of which no page is looked at, and nobody says why."""
    shown = {address.rule.rule for address in addresses if address.rule}
    return [rule.rule for rule in some if rule.rule not in shown and rule.endpoint not in reasons]


def rules_of(app: Flask, sections: Collection[str]) -> list[Rule]:
    """Return the addresses of these sections."""
    return [rule for rule in rules(app) if (owner_of(rule.endpoint) or CORE) in sections]


def test_every_route_has_an_example_or_a_reason(
    house: Flask, furnished: Furnished, examples: Mapping[str, Examples], reasons: dict[str, str]
) -> None:
    addresses, first = furnished
    with house.app_context():
        own = rules_of(house, examples)
    missing = without_example(own, [*addresses, first.address], reasons)
    assert not missing, "add values to examples.py of the section, or a reason to its NO_PAGES"


def test_what_has_a_reason_is_no_page(house: Flask, furnished: Furnished, reasons: dict[str, str]) -> None:
    assert not reasons.keys() - {rule.endpoint for rule in rules(house)}
    browser = browser_of(house, "administrator")
    for address in furnished[0]:
        if address.rule and address.rule.endpoint in reasons:
            page = see(browser, "administrator", address)
            assert page is None or page.status == 404, address.path


def test_every_example_is_opened_by_somebody(
    house: Flask, furnished: Furnished, seen: list[Seen], reasons: dict[str, str]
) -> None:
    opened = {each.address.path for each in seen}
    browsers = {role: browser_of(house, role) for role in ROLES}
    for address in furnished[0]:
        if address.path not in opened and not (address.rule and address.rule.endpoint in reasons):
            answers = [see(browser, role, address) for role, browser in browsers.items()]
            assert any(page and page.status not in {401, 403, 404} for page in answers), address.path


def test_no_page_fails(seen: list[Seen]) -> None:
    assert [f"{page}: {page.status}" for page in seen if page.status >= 500] == []


def test_every_form_is_sent_as_its_address_takes_it(house: Flask, seen: list[Seen]) -> None:
    pages = house.url_map.bind("")
    wrong = []
    for page in seen:
        soup = BeautifulSoup(page.html, "html.parser")
        for button in soup.select("button:not([type=button]), input[type=submit]"):
            form = soup.find("form", id=button["form"]) if button.get("form") else button.find_parent("form")
            if form is None or form.get("method") == "dialog":
                wrong.append(f"{page}: {button} is of no form")
                continue
            method = str(button.get("formmethod") or form.get("method") or "get").upper()
            target = str(button.get("formaction") or form.get("action") or page.address.path)
            try:
                pages.match(target.partition("?")[0], method)
            except RequestRedirect:
                continue
            except HTTPException as error:
                wrong.append(f"{page}: {method} {target}: {error.code}")
    assert not wrong, "\n".join(wrong)


def test_nothing_of_it_had_to_be_left_out(
    house: Flask, seen: list[Seen], examples: Mapping[str, Examples]
) -> None:
    assert seen
    with house.app_context():
        rows = states(sorted(examples))
        told = {section: [each.line() for each in troubles(rows.get(section))] for section in examples}
    assert {section: lines for section, lines in told.items() if lines} == {}
