"""Every page that can be remembered is at hand the second time, whoever looks: what is made anew is counted, not timed."""

import re
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import libhub
import plugins
from libhub.caching.remembering import remember
from libhub.web.rendering import remembered_pages
from tests.walking import ROLES, browser_of, furnish

CALL = re.compile(r"\bremembered_page\(\s*\"([^\"]+)\"")
WHOLE: Mapping[str, str] = {}
FRAGMENT: Mapping[str, str] = {"HX-Request": "true"}


def remembered_templates() -> set[str]:
    """Return the templates of which the sources of the hub and of its sections say that their pages are remembered."""
    roots = [Path(libhub.__path__[0]), Path(plugins.__path__[0])]
    sources = [path.read_text(encoding="utf-8") for root in roots for path in root.rglob("*.py")]
    return {template for source in sources for template in CALL.findall(source)}


class Counted:
    """The templates of the remembered pages that were asked for, and of those that had to be made."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.made: list[str] = []

    def remember(self, key: Any, make: Callable[[], Any], weigh: Callable[[Any], int]) -> Any:
        """Take the place of the function that pages are remembered with."""
        template: str = key[1]
        self.asked.append(template)

        def counted() -> Any:
            self.made.append(template)
            return make()

        return remember(key, counted, weigh)


def test_the_second_time_it_is_at_hand(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses, _first = furnish(app)
    counted = Counted()
    monkeypatch.setattr(remembered_pages, "remember", counted.remember)
    seen, forgotten = set(), []
    for role in ROLES:
        browser = browser_of(app, role)
        for address, headers in product(addresses, (WHOLE, FRAGMENT)):
            counted.asked.clear()
            browser.get(address.path, headers=headers).close()
            if not counted.asked:
                continue
            seen.update(counted.asked)
            counted.made.clear()
            browser.get(address.path, headers=headers).close()
            forgotten += [f"{role} {address.path} {headers}"] if counted.made else []
    assert seen == remembered_templates(), "the walk comes to each of them"
    assert not forgotten
