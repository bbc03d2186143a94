"""docs/resources.md says what the code does."""

from pathlib import Path

from libhub.api import VISIBILITY
from libhub.kit.importing import BATCH
from libhub.kit.pages.importing import AT_ONCE_BYTES
from libhub.kit.tables import MAX_FILE_BYTES
from plugins.resources import cli
from plugins.resources.exchange import columns
from plugins.resources.pages import exchange as exchange_views
from plugins.resources.vocabulary import (
    ACCESS,
    AUDIENCES,
    ENCODINGS,
    KINDS,
    LINK_STATES,
    PLATFORMS,
)

TEXT = (Path(__file__).parents[2] / "docs" / "resources.md").read_text(encoding="utf-8")


def test_every_column_is_described() -> None:
    for column in columns.COLUMNS:
        assert f"| `{column.name}` | {column.russian} | {column.about}" in TEXT


def test_every_code_is_listed() -> None:
    for codes in (KINDS, AUDIENCES, ACCESS, PLATFORMS, VISIBILITY, ENCODINGS, LINK_STATES):
        assert {code for code in codes if f"`{code}`" not in TEXT} - {""} == set()


def test_every_command_and_option_is_shown() -> None:
    for command in (cli.import_command, cli.export_command, cli.check_command):
        assert f"libhub resources {command.name}" in TEXT
        for parameter in command.params:
            assert all(option in TEXT for option in parameter.opts if option.startswith("-"))


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{exchange_views.LOOKED_AT:,} lines" in TEXT
    assert f"{AT_ONCE_BYTES // 1024} KB" in TEXT
    assert f"batches of {BATCH:,} lines" in TEXT
    assert f"{MAX_FILE_BYTES // 1024**2} MB" in TEXT
