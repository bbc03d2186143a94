"""A section is put in place, replaced and removed; what goes wrong on the way leaves everything as it was."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from flask import Flask
from sqlalchemy import inspect, text

from libhub.base.audit import AuditEntry
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.config import Config
from libhub.installing import placing, section_data
from libhub.plugging.models import PluginState, SettingValue
from libhub.testing import make_app, release, run_libhub
from tests.installing.brought import files_of, written


def version_in_place(instance: Path) -> str:
    hooks = (instance / "plugins" / "news" / "hooks.py").read_text(encoding="utf-8")
    return hooks.rpartition('return "news ')[2].partition('"')[0]


@pytest.fixture
def installed(instance: Path, tmp_path: Path) -> Path:
    """The instance with the section in it, by the command line."""
    done = run_libhub(
        instance, "plugins", "install", str(written(tmp_path / "1.zip", files_of(migrations=2))), "--yes"
    )
    assert done.returncode == 0, done.stderr
    return instance


@pytest.fixture
def other_app(installed: Path) -> Iterator[Flask]:
    """The hub as it is after the installation; the section itself is not run in the process of the tests."""
    hooks = installed / "plugins" / "news" / "hooks.py"
    kept = hooks.read_text(encoding="utf-8")
    hooks.write_text("raise RuntimeError('of the test')", encoding="utf-8")
    made = make_app(installed)
    hooks.write_text(kept, encoding="utf-8")
    yield made
    release(made)


def test_what_is_shown_and_what_is_there_afterwards(instance: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "news.zip", files_of(manifest='requires = ["events"]'))
    done = run_libhub(instance, "plugins", "install", str(source), stdin="n\n")
    assert done.returncode == 130, done.stderr
    assert not (instance / "plugins" / "news").exists()
    for told in ("Новости", "1.0", "events", "news/hooks.py", "SHA-256"):
        assert told in done.stdout
    done = run_libhub(instance, "plugins", "install", str(source), stdin="y\n")
    assert done.returncode == 0, done.stderr
    listed = run_libhub(instance, "plugins", "list").stdout
    assert "news\t1.0\tвключён" in listed
    needing = written(tmp_path / "other.zip", files_of("other", manifest='requires = ["news"]'), "other/")
    assert run_libhub(instance, "plugins", "install", str(needing), "--yes").returncode == 0
    refused = run_libhub(instance, "plugins", "remove", "news", "--yes")
    assert refused.returncode == 1
    assert "other" in refused.stderr


def test_install_is_not_update(installed: Path, tmp_path: Path) -> None:
    again = run_libhub(installed, "plugins", "install", str(tmp_path / "1.zip"), "--yes")
    assert again.returncode == 1
    assert "1.0" in again.stderr
    other = written(tmp_path / "other.zip", files_of("other"), "other/")
    assert run_libhub(installed, "plugins", "update", str(other), "--yes").returncode == 1
    assert run_libhub(installed, "plugins", "remove", "crafts", "--yes").returncode == 1


def test_a_package_is_explained(instance: Path) -> None:
    done = run_libhub(instance, "plugins", "install", "school-news")
    assert done.returncode == 1
    assert "pip install school-news" in done.stderr


BAD = {
    "import": {"hooks.py": "import nosuchmodule"},
    "exit": {"hooks.py": "import os\nos._exit(3)"},
    "migration": {
        "migrations/news_0003.py": 'revision = "news_0003"\ndown_revision = "news_0002"\n'
        "def upgrade():\n    raise RuntimeError('no')\ndef downgrade():\n    pass\n"
    },
    "python": {
        "plugin.toml": files_of(version="2.0", manifest='python = ["nosuch-package>=3"]')["plugin.toml"]
    },
}


@pytest.mark.parametrize("name", list(BAD))
def test_an_update_that_does_not_work_goes_back(installed: Path, tmp_path: Path, name: str) -> None:
    bad = written(tmp_path / "2.zip", {**files_of(version="2.0", migrations=2), **BAD[name]})
    word = (installed / "renewal").read_text(encoding="ascii")
    done = run_libhub(installed, "plugins", "update", str(bad), "--yes")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    if name == "python":
        assert "nosuch-package>=3" in done.stderr
    assert version_in_place(installed) == "1.0"
    assert "news\t1.0\tвключён" in run_libhub(installed, "plugins", "list").stdout
    assert not (installed / "installing").exists()
    assert (installed / "renewal").read_text(encoding="ascii") == word, "nobody is renewed for nothing"


def test_an_installation_that_does_not_work_leaves_nothing(instance: Path, tmp_path: Path) -> None:
    bad = written(tmp_path / "1.zip", {**files_of(), "hooks.py": "1 / 0"})
    done = run_libhub(instance, "plugins", "install", str(bad), "--yes")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert not (instance / "plugins" / "news").exists()


def test_what_is_older_than_its_tables_is_refused(installed: Path, other_app: Flask, tmp_path: Path) -> None:
    older = written(tmp_path / "0.zip", files_of(version="0.9", migrations=1))
    with other_app.app_context(), pytest.raises(LibHubError, match="news_0002"):
        placing.put_in_place(older)
    assert version_in_place(installed) == "1.0"


def test_what_was_not_shown_is_not_put_in_place(app: Flask, instance: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "1.zip", files_of())
    with app.app_context(), pytest.raises(LibHubError):
        placing.put_in_place(source, sha256="0" * 64)
    assert not (instance / "plugins" / "news").exists()


def test_one_at_a_time(app: Flask, instance: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "1.zip", files_of())
    with FileLock(instance / "installing.lock"), app.app_context(), pytest.raises(LibHubError):
        placing.put_in_place(source)


def test_after_a_power_cut_the_former_version_is_back(instance: Path) -> None:
    aside = instance / "installing" / "aside" / "news"
    aside.mkdir(parents=True)
    (aside / "plugin.toml").write_text("kept", encoding="utf-8")
    placing.recover(Config(instance=instance))
    assert (instance / "plugins" / "news" / "plugin.toml").read_text(encoding="utf-8") == "kept"
    assert not (instance / "installing").exists()


def test_removed_and_back_again_with_its_data(installed: Path, tmp_path: Path) -> None:
    assert run_libhub(installed, "plugins", "remove", "news", "--yes").returncode == 0
    assert not (installed / "plugins" / "news").exists()
    assert "news" not in run_libhub(installed, "plugins", "list").stdout
    done = run_libhub(installed, "plugins", "install", str(tmp_path / "1.zip"), "--yes")
    assert done.returncode == 0, done.stderr
    assert "news\t1.0\tвключён" in run_libhub(installed, "plugins", "list").stdout
    kept = tmp_path / "kept.zip"
    assert run_libhub(installed, "plugins", "remove", "news", "--yes", "--export", str(kept)).returncode == 0
    with zipfile.ZipFile(kept) as archive:
        assert set(archive.namelist()) == {
            f"news_post{number}.{kind}" for number in (1, 2) for kind in ("json", "csv")
        }
        assert json.loads(archive.read("news_post1.json")) == [{"id": 1, "title": "=1+1"}], "filled once"
        table = list(csv.reader(io.StringIO(archive.read("news_post1.csv").decode())))
        assert table == [["id", "title"], ["1", "'=1+1"]], "no spreadsheet takes it for a formula"


def test_deleted_with_its_data_and_nobody_elses(other_app: Flask, installed: Path) -> None:
    with other_app.app_context():
        with writing():
            db.session.execute(text("CREATE TABLE news_old_thing (id INTEGER)"))
            db.session.execute(text("CREATE TABLE alembic_version_news_old (version_num TEXT)"))
            db.session.add(SettingValue(plugin_id="news", name="x", value=1))
        assert section_data.tables_of("news") == ["news_post1", "news_post2"]
        placing.take_away("news", delete_data=True)
        left = {name for name in inspect(db.engine).get_table_names() if "news" in name}
        assert left == {"news_old_thing", "alembic_version_news_old"}
        assert db.session.get(SettingValue, ("news", "x")) is None
        state = db.session.get(PluginState, "news")
        assert state is not None
        assert not state.starter_loaded
        entries = db.session.scalars(db.select(AuditEntry).where(AuditEntry.subject_key == "news")).all()
        told = [(each.action, each.before, each.after) for each in entries]
        assert ("create", None, {"version": "1.0"}) in told
        assert ("delete", {"version": "1.0"}, None) in told
    assert not (installed / "plugins" / "news").exists()


def test_an_export_overwrites_nothing_and_nothing_is_removed_then(
    other_app: Flask, installed: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.zip"
    taken.write_bytes(b"mine")
    with other_app.app_context(), pytest.raises(LibHubError):
        placing.take_away("news", delete_data=True, export=taken)
    assert taken.read_bytes() == b"mine"
    assert version_in_place(installed) == "1.0"
