"""docs/events.md says what the code does."""

import re
from pathlib import Path

from flask import Flask

from libhub.plugging.loading.registry import get_registry
from plugins.events import hooks
from plugins.events.exchange import ical_in, importing
from plugins.events.schedule import recurrence
from plugins.events.vocabulary import STATES

TEXT = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")


def test_every_permission_is_described() -> None:
    for permission in hooks.register_permissions():
        assert f"`{permission.name}`" in TEXT
        for role in permission.roles:
            assert role in TEXT.split(f"`{permission.name}`")[1].split("\n")[0]


def test_every_setting_and_state_is_named() -> None:
    for setting in hooks.register_settings():
        assert f"`{setting.name}`" in TEXT
    for state in STATES:
        assert f"`{state}`" in TEXT


def test_every_feed_is_an_address_of_the_hub(app: Flask) -> None:
    with app.app_context():
        assert "events" in get_registry().plugins
    rules = {re.sub(r"<[^>]*>", "*", rule.rule) for rule in app.url_map.iter_rules()}
    for address in re.findall(r"`(/events/[^`]*)`", TEXT):
        pattern = re.sub(r"<[^>]*>", "*", address)
        assert pattern in rules or re.sub(r"/(all|mine)\.ics$", "/*.ics", pattern) in rules, address


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{ical_in.MAX_BYTES // 1024**2} MB" in TEXT
    assert f"{ical_in.MAX_EVENTS:,} events" in TEXT
    assert f"{ical_in.MAX_LINES:,} lines" in TEXT
    assert f"{importing.TIMEOUT_SECONDS:.0f} seconds" in TEXT
    assert f"At most {recurrence.MOST} times and two years" in TEXT
