"""docs/crafts.md says what the code does."""

from dataclasses import fields
from pathlib import Path

import pytest

from plugins.crafts import activity_data, holidays
from plugins.crafts.activity_data import ActivityData
from plugins.crafts.exchange import archives
from plugins.crafts.gallery import settings
from plugins.crafts.vocabulary import KINDS, SEASONS, TIMES, UNITS, USES

TEXT = (Path(__file__).parents[2] / "docs" / "crafts.md").read_text(encoding="utf-8")
OF_THE_PROGRAM = {"drawings", "uid"}


@pytest.mark.parametrize(
    "name", [field.name for field in fields(ActivityData) if field.name not in OF_THE_PROGRAM]
)
def test_every_part_of_an_activity_is_described(name: str) -> None:
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize(
    "codes",
    [KINDS, SEASONS, UNITS, USES, holidays.HOLIDAYS],
    ids=["kinds", "seasons", "units", "uses", "holidays"],
)
def test_every_code_is_listed(codes: dict[str, object]) -> None:
    assert {code for code in codes if f"`{code}`" not in TEXT} == set()


@pytest.mark.parametrize("name", [setting.name for setting in settings.SETTINGS])
def test_every_setting_is_described(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_the_limits_are_those_of_the_code() -> None:
    assert f"At most {activity_data.MOST_STEPS}." in TEXT
    assert f"at most {activity_data.MOST_QUESTIONS} questions" in TEXT
    assert f"1 to {activity_data.MOST_MINUTES}" in TEXT
    assert f"at most {archives.MOST_FILES}\nfiles and {archives.MOST_TOTAL_BYTES // 1024**2} MB" in TEXT
    *others, last = TIMES
    assert f"{', '.join(others)} and {last} minutes" in TEXT
    assert (archives.FORMAT, archives.VERSION) == ("libhub-activity", 1)
