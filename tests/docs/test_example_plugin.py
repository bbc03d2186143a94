"""The plugin of docs/writing-a-plugin.md works as it is printed."""

import re
from collections.abc import Callable
from pathlib import Path

from libhub.app import create_app
from libhub.authoring.scaffold import make_section
from libhub.config import Config
from libhub.installation import prepare

DOCUMENT = Path(__file__).parents[2] / "docs" / "writing-a-plugin.md"
_FILE = re.compile(r"^`board/(?P<name>[^`]+)`\n\n```\w+\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_printed_plugin_is_found_searched_and_shown(
    instance: Path, fake_plugin: Callable[..., Path]
) -> None:
    files = {match["name"]: match["content"] for match in _FILE.finditer(DOCUMENT.read_text("utf-8"))}
    assert {"plugin.toml", "hooks.py", "models.py", "pages.py"} <= files.keys()
    fake_plugin("board", files)
    app = create_app(Config(instance=instance))
    done = prepare(app, lambda _done, _all: None)
    assert "board" in done.upgraded
    assert "board" in done.filled
    client = app.test_client()
    assert "Библиотека открыта" in client.get("/board/").text
    assert "после третьего урока" in client.get("/board/1").text
    assert 'href="/board/"' in client.get("/").text
    found = client.get("/search.json", query_string={"q": "открытая библиотека"}).json
    assert found is not None
    assert found["results"][0]["uid"] == "board/notice/1"


def test_the_files_of_a_new_section_are_told(tmp_path: Path) -> None:
    made = make_section("book_club", tmp_path)
    table = DOCUMENT.read_text("utf-8").partition("## From nothing")[2].partition("\n## ")[0]
    told = {
        name
        for row in re.findall(r"^\| (`[^|]*`) \|", table, re.MULTILINE)
        for name in re.findall("`([^`]+)`", row)
    }
    assert told == {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
