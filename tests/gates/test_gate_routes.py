"""No page escapes the gates: every address has an example, or a reason for having none."""

from collections.abc import Sequence

from flask import Flask
from werkzeug.routing import Rule

from tests.walking import ROLES, SECTIONS, Address, Seen, browser_of, examples_of, rules, see

Furnished = tuple[list[Address], Seen]
REASONS = {
    endpoint: reason for section in SECTIONS for endpoint, reason in examples_of(section).NO_PAGES.items()
}


def without_example(some: Sequence[Rule], addresses: Sequence[Address]) -> list[str]:
    """Return the routes of which no page is looked at, and nobody says why."""
    shown = {address.rule.rule for address in addresses if address.rule}
    return [rule.rule for rule in some if rule.rule not in shown and rule.endpoint not in REASONS]


def test_every_route_has_an_example_or_a_reason(house: Flask, furnished: Furnished) -> None:
    addresses, first = furnished
    missing = without_example(rules(house), [*addresses, first.address])
    assert not missing, "add values to examples.py of the section, or a reason to its NO_PAGES"


def test_what_has_a_reason_is_no_page(house: Flask, furnished: Furnished) -> None:
    assert not REASONS.keys() - {rule.endpoint for rule in rules(house)}
    browser = browser_of(house, "administrator")
    for address in furnished[0]:
        if address.rule and address.rule.endpoint in REASONS:
            page = see(browser, "administrator", address)
            assert page is None or page.status == 404, address.path


def test_every_example_is_opened_by_somebody(house: Flask, furnished: Furnished, seen: list[Seen]) -> None:
    opened = {each.address.path for each in seen}
    browsers = {role: browser_of(house, role) for role in ROLES}
    for address in furnished[0]:
        if address.path not in opened and not (address.rule and address.rule.endpoint in REASONS):
            answers = [see(browser, role, address) for role, browser in browsers.items()]
            assert any(page and page.status not in {401, 403, 404} for page in answers), address.path
