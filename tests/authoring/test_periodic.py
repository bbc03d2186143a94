"""``libhub plugins periodic``: an author does by hand what the hub does once an hour, and is told what went wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from libhub.testing import run_libhub

HOOKS = """
from libhub.api import hookimpl, instance_path

@hookimpl
def periodic(now):
    {body}
"""


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        ("instance_path(str(now.year)).touch()", 0, "demo"),
        ("raise LookupError('no such shelf')", 1, "no such shelf"),
    ],
)
def test_the_housekeeping_of_a_section_by_hand(
    instance: Path, fake_plugin: Callable[..., Path], body: str, code: int, told: str
) -> None:
    fake_plugin("demo", {"hooks.py": HOOKS.format(body=body)})
    for _twice in range(2):
        done = run_libhub(instance, "plugins", "periodic", "demo")
        assert done.returncode == code, done.stderr
        assert told in done.stdout + done.stderr
    assert any(instance.glob("20??")) is (code == 0)


def test_a_section_without_housekeeping_says_so(instance: Path) -> None:
    done = run_libhub(instance, "plugins", "periodic", "crafts")
    assert done.returncode == 1
    assert "periodic" in done.stderr
