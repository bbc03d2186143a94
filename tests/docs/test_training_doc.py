"""docs/training.md says what the code does."""

from pathlib import Path

import pytest
from flask import Flask

from libhub.plugging.loading.registry import get_registry
from libhub.quizzes import KINDS
from plugins.training.courses import lessons
from plugins.training.exchange import archive
from plugins.training.learning import certificates, outside_learning, reminders

TEXT = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")


def test_every_permission_is_described(app: Flask) -> None:
    with app.app_context():
        names = [permission.name for permission in get_registry().plugins["training"].permissions]
    assert names
    for name in names:
        assert f"| `{name}` |" in TEXT


@pytest.mark.parametrize("rule", list(lessons.COMPLETIONS))
def test_every_rule_of_completion_is_described(rule: str) -> None:
    assert f"| `{rule}` |" in TEXT


def test_numbers_are_those_of_the_code() -> None:
    assert len(KINDS) == 6
    assert "Six kinds of questions" in TEXT
    assert archive.MAX_UNPACKED == 1024**3
    assert "at most 1 GB in all" in TEXT
    assert len(certificates.new_number().replace("-", "")) * 5 == 80
    assert "80 random bits" in TEXT
    assert reminders.REMIND_BEFORE.days == 3
    assert outside_learning.REMIND_BEFORE.days == 60
