"""No text that cannot be shown gets into the hub."""

from flask import Flask

from libhub.testing.contract.forms.typed_text import *  # noqa: F403 - all of it

LEAST = 60
"""So many sendings are taken, at least: less would mean that the gate does not fill them in."""


def test_enough_forms_take_what_they_are_sent(sprinkled: tuple[Flask, list[tuple[str, int]]]) -> None:
    assert sum(status in (200, 302) for _where, status in sprinkled[1]) >= LEAST
