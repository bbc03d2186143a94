"""A section that was written against the first interface works unchanged: names, what they take, what records hold.

``interface_1_0.json`` was written down from ``libhub.api`` 1.0 and is never changed: parameters are name, kind, and
whether there is a default.
"""

import dataclasses
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from libhub import api, testing
from libhub.plugging import hookspecs

PROMISED = json.loads(Path(__file__).with_name("interface_1_0.json").read_text(encoding="utf-8"))
Parameters = list[tuple[str, str, bool]]


def breaks(promised: Parameters, present: Callable[..., Any]) -> str:
    """Return which call that was right is wrong now; empty for none."""
    now = inspect.signature(present).parameters
    takes_any = {parameter.kind.name for parameter in now.values()} & {"VAR_KEYWORD"}
    positional = [name for name, each in now.items() if each.kind.name.startswith("POSITIONAL")]
    for place, (name, kind, _default) in enumerate(promised):
        if kind.startswith("VAR_"):
            continue
        if name not in now and not takes_any:
            return f"{name} is gone"
        if kind == "POSITIONAL_OR_KEYWORD" and positional[place : place + 1] != [name]:
            return f"{name} has another place"
    known = {name: default for name, _kind, default in promised}
    for name, parameter in now.items():
        needed = parameter.default is parameter.empty and not parameter.kind.name.startswith("VAR_")
        if needed and known.get(name, True):
            return f"{name} must be given now"
    return ""


@pytest.mark.parametrize("name", sorted(PROMISED["api"]))
def test_a_name_of_the_interface_takes_what_it_took(name: str) -> None:
    present = getattr(api, name)
    promised = PROMISED["api"][name]
    if promised is not None:
        assert not breaks(promised, present)


@pytest.mark.parametrize("name", sorted(PROMISED["records"]))
def test_a_record_has_the_fields_that_it_had(name: str) -> None:
    fields = [field.name for field in dataclasses.fields(getattr(api, name))]
    assert fields[: len(PROMISED["records"][name])] == PROMISED["records"][name]


@pytest.mark.parametrize("name", sorted(PROMISED["hooks"]))
def test_a_hook_gives_what_it_gave(name: str) -> None:
    """An implementation may name each argument that it could name before."""
    given = set(inspect.signature(getattr(hookspecs, name)).parameters)
    assert {parameter for parameter, _kind, _default in PROMISED["hooks"][name]} <= given


def test_what_tests_use_is_there() -> None:
    assert set(PROMISED["testing"]) <= set(testing.__all__)


def test_a_broken_promise_is_found() -> None:
    promised: Parameters = [("url", "POSITIONAL_OR_KEYWORD", False), ("size", "KEYWORD_ONLY", True)]
    assert not breaks(promised, lambda url, *, size=1, more=2: None)
    assert breaks(promised, lambda address, *, size=1: None) == "url is gone"
    assert breaks(promised, lambda more, url, *, size=1: None) == "url has another place"
    assert breaks(promised, lambda url, *, size=1, more: None) == "more must be given now"
    assert breaks(promised, lambda url: None) == "size is gone"
