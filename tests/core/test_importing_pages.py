"""The pages of an import: what was shown is what is done, once, whoever presses how often; nothing is lost by a crash."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from libhub.base.db import db
from libhub.base.moments import now
from libhub.kit import pending_imports
from libhub.kit.jobs.models import Job
from libhub.kit.pages import importing as import_pages
from libhub.plugging.loading.registry import get_registry
from libhub.submissions import pending_uploads
from libhub.testing import sign_in
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.pages import exchange
from plugins.resources.rules import ResourceData

TABLE = "title,url\nНовое,https://new.example.org/\nПеремена,https://old.example.org/\n"


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    return sign_in(app, "librarian")


@pytest.fixture
def old(app: Flask) -> int:
    with app.app_context():
        return rules.save(ResourceData(age=0, title="Прежнее", url="https://old.example.org/"))


def uploaded(browser: FlaskClient, table: str = TABLE) -> str:
    """Send a file; return the address of the page that says what would happen."""
    answer = browser.post("/resources/import", data={"file": (io.BytesIO(table.encode()), "t.csv")})
    assert answer.status_code == 302
    return str(answer.location)


def titles(app: Flask) -> dict[str, int]:
    with app.app_context():
        query = select(Resource.title, func.count()).where(Resource.url.contains(".example.org/"))
        return dict(db.session.execute(query.group_by(Resource.title)).all())  # type: ignore[arg-type]


def rename(app: Flask, number: int, title: str) -> None:
    with app.app_context():
        rules.save(rules.replace(rules.data_of(rules.get(number)), title=title), number)


def test_the_preview_and_the_report_are_pages_that_can_be_loaded_again(
    app: Flask, librarian: FlaskClient, old: int
) -> None:
    here = uploaded(librarian)
    first, second = librarian.get(here).text, librarian.get(here).text
    assert "t.csv" in first
    assert "Что изменит загрузка" in first
    assert "Что изменит загрузка" in second
    assert titles(app) == {"Прежнее": 1}
    assert librarian.post(here).location == here
    for _again in range(2):
        report = librarian.get(here).text
        assert "Загрузка закончена" in report
        assert f'action="{here}"' not in report, "nothing is left to press"
    assert librarian.post(here).location == here, "Back, and pressed once more"
    assert librarian.post(f"{here}/cancel").location == here
    assert titles(app) == {"Новое": 1, "Перемена": 1}


def test_what_was_changed_since_the_preview_is_not_overwritten_but_shown(
    app: Flask, librarian: FlaskClient, old: int
) -> None:
    here = uploaded(librarian)
    rename(app, old, "Тем временем")
    answer = librarian.post(here)
    assert answer.location == here
    assert titles(app) == {"Тем временем": 1}, "nothing of the file came in"
    shown = librarian.get(here).text
    assert "поэтому ничего не загружено" in shown
    librarian.post(here)
    assert titles(app) == {"Новое": 1, "Перемена": 1}, "who has seen it as it is now may"
    assert "поэтому ничего не загружено" not in librarian.get(here).text


def test_what_came_in_meanwhile_is_not_doubled(app: Flask, librarian: FlaskClient) -> None:
    one, other = uploaded(librarian), uploaded(librarian)
    librarian.post(one)
    librarian.post(other)
    assert "поэтому ничего не загружено" in librarian.get(other).text
    assert "нечего загружать" in librarian.get(other).text.lower()
    assert titles(app) == {"Новое": 1, "Перемена": 1}


def test_a_section_that_notes_nothing_is_looked_at_once_more_before_the_yes(
    app: Flask, librarian: FlaskClient, old: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libhub.kit.importing.Report.saw", lambda *_values: None)
    here = uploaded(librarian)
    with app.app_context():
        rules.save(ResourceData(age=0, title="Новое", url="https://new.example.org/"))
    librarian.post(here)
    assert "поэтому ничего не загружено" in librarian.get(here).text
    assert titles(app) == {"Прежнее": 1, "Новое": 1}


def test_another_section_does_not_know_the_address(librarian: FlaskClient, app: Flask) -> None:
    here = uploaded(librarian)
    elsewhere = here.replace("/resources/", "/events/")
    assert librarian.get(elsewhere).location == "/events/import"
    assert librarian.post(elsewhere).status_code == 422
    assert librarian.post(f"{elsewhere}/cancel").status_code == 422
    assert "Что изменит загрузка" in librarian.get(here).text
    assert titles(app) == {}


@pytest.mark.parametrize(
    ("where", "committed"),
    [("plugins.resources.exchange.importing.touch", False), ("libhub.kit.pages.importing.drop_upload", True)],
)
def test_a_crash_loses_nothing_and_doubles_nothing(
    app: Flask, librarian: FlaskClient, old: int, monkeypatch: pytest.MonkeyPatch, where: str, committed: bool
) -> None:
    here = uploaded(librarian)

    def die(*_values: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(where, die)
        assert librarian.post(here).status_code == 500
    assert titles(app) == ({"Новое": 1, "Перемена": 1} if committed else {"Прежнее": 1})
    librarian.post(here)
    assert ("поэтому ничего не загружено" in librarian.get(here).text) == committed
    assert titles(app) == {"Новое": 1, "Перемена": 1}


def test_who_is_killed_holds_nothing_back(
    app: Flask, librarian: FlaskClient, old: int, instance: Path
) -> None:
    here = uploaded(librarian)
    lock = instance / pending_uploads.NOTES / f"{here.rpartition('/')[2]}.lock"
    hold = (
        "import sys, time; from pathlib import Path; from libhub.base.file_lock import file_lock\n"
        "with file_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(lock)], stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "held\n"
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(pending_imports, "WAITED_SECONDS", 0.1)
            assert "прямо сейчас" in librarian.post(here, follow_redirects=True).text
        assert titles(app) == {"Прежнее": 1}
        worker.kill()
    librarian.post(here)
    assert titles(app) == {"Новое": 1, "Перемена": 1}


def test_two_presses_at_once_import_once(app: Flask, old: int, monkeypatch: pytest.MonkeyPatch) -> None:
    browsers = [sign_in(app, "librarian", username=f"lib{place}") for place in range(4)]
    here = uploaded(browsers[0])
    ready = Barrier(len(browsers))
    taken: list[bool] = []
    import_table = exchange.importing.import_table

    def counted(*values: Any, **options: Any) -> Any:
        taken.append(True)
        return import_table(*values, **options)

    monkeypatch.setattr(exchange.importing, "import_table", counted)

    def press(browser: FlaskClient) -> str:
        ready.wait(30)
        return str(browser.post(here).location)

    with ThreadPoolExecutor(len(browsers)) as pool:
        assert list(pool.map(press, browsers)) == [here] * len(browsers)
    assert taken == [True]
    assert titles(app) == {"Новое": 1, "Перемена": 1}


def test_a_job_stops_before_what_nobody_saw(
    app: Flask, librarian: FlaskClient, old: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_pages, "AT_ONCE_BYTES", 10)
    here = uploaded(librarian)
    job_page = librarian.post(here).location
    assert librarian.get(here).location == job_page, "the page of the import leads on to the job"
    assert librarian.post(here).location == job_page, "who presses again joins it"
    rename(app, old, "Тем временем")
    work = SimpleNamespace(progress=lambda _done, _total: None)

    def run() -> Any:
        with app.app_context():
            job = db.session.get_one(Job, int(job_page.rpartition("/")[2]))
            return get_registry().job_kinds[job.kind].run(work, **job.arguments)

    assert run().url == here
    assert titles(app) == {"Тем временем": 1}
    assert "поэтому ничего не загружено" in librarian.get(here).text
    assert run().url == "/resources/manage"
    assert titles(app) == {"Новое": 1, "Перемена": 1}
    assert "Загрузка закончена" in librarian.get(here).text


def test_what_is_known_of_an_import_is_forgotten_after_a_day(
    app: Flask, instance: Path, librarian: FlaskClient
) -> None:
    here = uploaded(librarian)
    librarian.post(here)
    old = (now() - pending_uploads.KEPT - timedelta(minutes=1)).timestamp()
    for path in (instance / pending_uploads.NOTES).iterdir():
        os.utime(path, (old, old))
    with app.app_context():
        pending_uploads.forget_old(now())
        assert pending_imports.find(here.rpartition("/")[2]) is None
    assert list((instance / pending_uploads.NOTES).iterdir()) == []
    assert librarian.get(here).location == "/resources/import"
    assert librarian.post(here).status_code == 422
