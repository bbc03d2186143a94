"""Sections that are Python packages: found by their entry point, loaded under the name that every section has."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import plugins
from libhub.base import mapping
from libhub.base.db import db
from libhub.plugging.loading.registry import Registry
from libhub.testing import make_app, release
from tests.installing.brought import files_of

Packaged = Callable[..., Path]


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Packaged]:
    """Return a function that puts a package with an entry point where Python looks."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def write(package: str, files: dict[str, str], plugin_id: str = "news") -> Path:
        for name, content in files.items():
            path = site / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        about = site / f"{package}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[libhub.plugins]\n{plugin_id} = {package}\n")
        return site / package

    yield write
    for name in [name for name in sys.modules if name.partition(".")[2].partition(".")[0] == "news"]:
        del sys.modules[name]
    if hasattr(plugins, "news"):
        del plugins.news
    mapping.forget("news", db.metadata)


MODEL = (
    "from sqlalchemy.orm import Mapped, mapped_column\nfrom libhub.api import db\n"
    'class Post(db.Model):\n    __tablename__ = "news_post1"\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)


def test_a_package_is_a_section_like_any_other(instance: Path, packaged: Packaged) -> None:
    files = files_of()
    files["hooks.py"] = f"from plugins.news.models import Post\n{files['hooks.py']}"
    folder = packaged("school_news", {**files, "models.py": MODEL})
    app = make_app(instance)
    try:
        plugin = app.extensions["libhub.plugins"].plugins["news"]
        assert plugin.error is None
        assert plugin.folder == folder
        assert app.test_client().get("/news/").text == "news 1.0"
    finally:
        release(app)
    assert sys.modules["plugins.news.models"].__file__ == str(folder / "models.py")
    assert "school_news" not in sys.modules
    assert str(folder.parent) not in plugins.__path__, "the packages beside it are no sections"


def test_a_section_of_the_instance_comes_first(
    instance: Path, packaged: Packaged, fake_plugin: Packaged
) -> None:
    own = fake_plugin("news", {})
    packaged("school_news", files_of())
    found = Registry([instance / "plugins"]).plugins
    assert found["news"].folder == own
    assert [each.error for name, each in found.items() if name.startswith("news@")] != [None]


@pytest.mark.parametrize(
    ("files", "plugin_id", "told"),
    [
        ({"__init__.py": ""}, "news", "plugin.toml"),
        (files_of("other"), "news", "other"),
        ({**files_of(), "__init__.py": "raise RuntimeError('broken')"}, "news", "broken"),
        ({}, "news", "school_news"),
    ],
)
def test_what_is_wrong_with_it_is_told_and_the_rest_goes_on(
    instance: Path, packaged: Packaged, files: dict[str, str], plugin_id: str, told: str
) -> None:
    packaged("school_news", files, plugin_id)
    found = Registry([instance / "plugins"]).plugins
    assert found["news"].error is not None
    assert told in found["news"].error
