"""Fixtures of the core's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from libhub.installation import prepare
from libhub.testing import make_app, release


@pytest.fixture
def hub(instance: Path, fake_plugin: Callable[..., Path]) -> Iterator[Callable[[], Flask]]:
    """Return a function that starts the hub after the sections were written."""
    made: list[Flask] = []

    def start() -> Flask:
        made.append(make_app(instance))
        prepare(made[-1], lambda _done, _all: None)
        return made[-1]

    yield start
    for app in made:
        release(app)
