"""Slow work inside ``writing()``: everybody who wants to write waits for it, so a test that does any fails, by its place."""

import socket
import subprocess
import traceback
import zipfile
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, Final

import argon2
import jinja2
import pytest
from flask import has_app_context
from PIL import Image

import libhub
from libhub.base.db import keeps_others_waiting
from libhub.base.section_of import section_of
from libhub.kit import markdown_rendering

ENTRANCES: Final[tuple[tuple[str, Any, str], ...]] = (
    ("talks to another computer", socket.socket, "connect"),
    ("asks for an address", socket, "getaddrinfo"),
    ("starts a program", subprocess.Popen, "__init__"),
    ("opens a picture", Image, "open"),
    ("writes a picture", Image.Image, "save"),
    ("opens an archive", zipfile.ZipFile, "__init__"),
    ("hashes a password", argon2.PasswordHasher, "hash"),
    ("checks a password", argon2.PasswordHasher, "verify"),
    ("renders a template", jinja2.Template, "new_context"),
    ("renders Markdown", markdown_rendering, "render"),
)
"""What is done, and the function by which it is done."""


@pytest.fixture(scope="session", autouse=True)
def slow_work() -> Iterator[list[str]]:
    """What was done inside ``writing()`` since the last test, in sentences; a test that wants it so clears the list."""
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for what, owner, name in ENTRANCES:
            patch.setattr(owner, name, _watched(what, getattr(owner, name), found))
        yield found


@pytest.fixture(autouse=True)
def nobody_waits(slow_work: list[str]) -> Iterator[None]:
    """Fail a test in which something slow was done inside ``writing()``."""
    yield
    found = list(dict.fromkeys(slow_work))
    slow_work.clear()
    assert not found, "do it before writing():\n" + "\n".join(found)


def _watched(what: str, function: Callable[..., Any], found: list[str]) -> Callable[..., Any]:
    @wraps(function)
    def watched(*arguments: Any, **named: Any) -> Any:
        if has_app_context() and keeps_others_waiting():
            found.append(f"{_who()} {what} inside writing()")
        return function(*arguments, **named)

    return watched


def _who() -> str:
    """Return whose code it is, and where: the innermost line of a section, else of the hub, else of the test."""
    own, testing = Path(libhub.__file__).parent, Path(__file__).parent
    frames = [(frame, line) for frame, line in traceback.walk_stack(None)]
    for frame, line in frames:
        if section := section_of(str(frame.f_globals.get("__name__", ""))):
            return f"the section “{section}” ({_place(frame.f_code.co_filename, line)})"
    for frame, line in frames:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(own) and not path.is_relative_to(testing):
            return f"the hub ({_place(frame.f_code.co_filename, line)})"
    return "the test"


def _place(path: str, line: int) -> str:
    return f"{'/'.join(Path(path).parts[-3:])}:{line}"
