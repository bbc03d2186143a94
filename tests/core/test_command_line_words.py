"""The command line speaks Russian, in click's own words too."""

import re
from pathlib import Path

import pytest

from libhub.testing import run_libhub

_ENGLISH = re.compile(
    r"\b(usage|options|commands|error|missing|invalid|such|show|exit|file|help for)\b", re.IGNORECASE
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--help"], "Показать эту справку."),
        (["users", "add", "anna"], "Не указан параметр '--role'"),
        (["serve", "--port", "many"], "Неверное значение '--port': 'many' — не число."),
    ],
)
def test_help_and_mistakes_are_told_in_russian(instance: Path, arguments: list[str], said: str) -> None:
    done = run_libhub(instance, *arguments)
    told = done.stdout + done.stderr
    assert said in told
    assert not _ENGLISH.search(re.sub(r"--\w+|\[OPTIONS\]", "", told))
    assert "Traceback" not in told
