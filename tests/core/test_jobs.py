"""Long work behind the scenes: started once, seen by those who wanted it, stopped, gone on with after whatever happens."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import psutil
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts.accounts import find_user
from libhub.accounts.permissions import LIBRARIAN, STUDENT, TEACHER
from libhub.base.audit import PROGRAM, AuditEntry
from libhub.base.db import db, writing
from libhub.installation import prepare
from libhub.kit.jobs import starting, turns
from libhub.kit.jobs.models import DONE, FAILED, RUNNING, STOPPED, WAITING, Job
from libhub.kit.jobs.work import JobStopped, JobWork, Standing
from libhub.notices.models import Notice
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.switching import switch
from libhub.serving import job_process, jobs
from libhub.serving.jobs import Jobs
from libhub.serving.section_process import Limits
from libhub.testing import LiveServer, make_app, release, serving, sign_in
from plugins.resources import rules
from plugins.resources.rules import ResourceData

SOON = 90.0
"""Generous: these processes let every other one of the computer go first."""
Write = Callable[..., Path]

HOOKS = """
import os, re, sys, time
from pathlib import Path
from flask import Blueprint
from libhub.api import *
from libhub.api import hookimpl, lazy_gettext, lazy_ngettext, db
from sqlalchemy import text

HERE = Path(__file__).parent


def note(word):
    with (HERE / "said").open("a") as file:
        file.write(word + "\\n")


def count(work, most, path="/demo/"):
    first = work.state or 0
    note(f"from{first}")
    for number in range(first, most):
        while (HERE / "hold").exists() and number >= int((HERE / "hold").read_text() or 0):
            work.progress(number, most)
            time.sleep(0.02)
        work.progress(number + 1, most)
        with writing():
            work.save(number + 1)
    return JobResult(lazy_gettext("Notices"), path)


def harm(work, how):
    note("begun")
    exec(how)


@hookimpl
def register_permissions():
    return [Permission("demo.edit", "x", frozenset({LIBRARIAN}))]


@hookimpl
def register_jobs():
    return [
        JobKind("demo.count", lazy_gettext("Sections"), count, "demo.edit"),
        JobKind("demo.harm", "Вред", harm),
    ]
"""


def until(done: Callable[[], bool], seconds: float = SOON) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def said(folder: Path) -> list[str]:
    path = folder / "said"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


@pytest.fixture
def demo(fake_plugin: Write) -> Path:
    return fake_plugin("demo", {"hooks.py": HOOKS})


@pytest.fixture
def app(instance: Path, demo: Path) -> Iterator[Flask]:
    made = make_app(instance)
    prepare(made, lambda _done, _all: None)
    yield made
    release(made)


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    return sign_in(app, LIBRARIAN, username="anna")


def number_of(app: Flask, name: str) -> int:
    with app.app_context():
        user = find_user(name)
        assert user is not None
        return int(user.id)


def start(app: Flask, kind: str, arguments: dict[str, Any], who: int | None = None, key: str = "") -> int:
    with app.app_context():
        return starting.start_job(kind, arguments, started_by=who, key=key)


def stored(app: Flask, job_id: int) -> Job:
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        db.session.expunge(job)
        return job


def told(app: Flask) -> str:
    with app.app_context():
        row = state.states(["demo"]).get("demo")
        return (row.last_error or "") if row else ""


@pytest.fixture
def running(app: Flask) -> Iterator[Callable[[], Jobs]]:
    """Return a function that starts what looks after jobs; it ends with the test."""
    stopping, made = threading.Event(), []

    def begin() -> Jobs:
        made.append(Jobs(app, stopping))
        made[-1].start()
        return made[-1]

    yield begin
    stopping.set()
    for each in made:
        each.stop()


# -- starting ------------------------------------------------------------------------------------------------


def test_what_is_started_in_a_transaction_goes_with_it(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012
            starting.start_job("demo.count", {"most": 1}, started_by=None)
            raise ZeroDivisionError
        assert db.session.scalars(select(Job)).all() == []


def test_what_cannot_be_done_is_not_started(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(KeyError):
            starting.start_job("demo.nothing", started_by=None)
        with pytest.raises(TypeError):
            starting.start_job("demo.count", {"most": object()}, started_by=None)
        assert db.session.scalars(select(Job)).all() == []


def test_the_second_who_starts_the_same_joins_the_first(app: Flask, librarian: FlaskClient) -> None:
    oleg = sign_in(app, TEACHER, username="oleg")
    anna, teacher = number_of(app, "anna"), number_of(app, "oleg")
    first = start(app, "demo.count", {"most": 1}, anna, "same")
    assert oleg.get(f"/jobs/{first}").status_code == 404
    assert start(app, "demo.count", {"most": 1}, teacher, "same") == first
    assert oleg.get(f"/jobs/{first}").status_code == 200
    assert start(app, "demo.count", {"most": 1}, teacher, "another") != first
    assert start(app, "demo.count", {"most": 1}, teacher) != start(app, "demo.count", {"most": 1}, teacher)
    with app.app_context():
        starting.ask_to_stop(first)
    again = start(app, "demo.count", {"most": 1}, anna, "same")
    assert again != first
    answer = librarian.post(f"/jobs/{first}/go-on", follow_redirects=True).text
    assert "Кто-то уже запустил то же самое" in answer
    assert stored(app, first).status == STOPPED


@pytest.mark.parametrize("name", ["count", "other.count", "demo_count"])
def test_a_kind_has_the_name_of_its_section(name: str, instance: Path, fake_plugin: Write) -> None:
    hooks = HOOKS.replace('"demo.count"', f'"{name}"')
    fake_plugin("demo", {"hooks.py": hooks})
    app = make_app(instance)
    with app.app_context():
        assert name in (get_registry().plugins["demo"].error or "")
        assert not get_registry().job_kinds.keys() & {name, "demo.harm"}
    release(app)


# -- who sees it ---------------------------------------------------------------------------------------------


def test_only_those_see_it_who_wanted_it_or_have_the_permission(app: Flask, librarian: FlaskClient) -> None:
    masha = sign_in(app, STUDENT, username="masha")
    other = sign_in(app, STUDENT, username="petya")
    permitted = start(app, "demo.count", {"most": 1}, number_of(app, "masha"))
    private = start(app, "demo.harm", {"how": "pass"}, number_of(app, "masha"))
    for job_id, browser, status in (
        (permitted, masha, 200),
        (private, masha, 200),
        (permitted, librarian, 200),
        (private, librarian, 404),
        (permitted, other, 404),
        (private, other, 404),
        (2**40, masha, 404),
    ):
        assert browser.get(f"/jobs/{job_id}").status_code == status
        for verb in ("stop", "go-on"):
            assert (browser.post(f"/jobs/{job_id}/{verb}").status_code == 302) == (status == 200)
    assert app.test_client().get(f"/jobs/{permitted}").status_code == 302
    assert f"/jobs/{permitted}" in librarian.get("/jobs/").text
    assert f"/jobs/{private}" not in librarian.get("/jobs/").text
    assert "/jobs/1" not in other.get("/jobs/").text


def test_a_person_gets_out_and_is_forgotten(app: Flask) -> None:
    sign_in(app, STUDENT, username="masha")
    admin = sign_in(app, "administrator", username="petr")
    masha = number_of(app, "masha")
    job_id = start(app, "demo.count", {"most": 7}, masha)
    given = admin.get(f"/admin/users/{masha}/data.json").json
    assert given is not None
    assert [each["arguments"] for each in given["jobs"]] == [{"most": 7}]
    admin.post(f"/admin/users/{masha}/erase")
    job = stored(app, job_id)
    assert job.started_by is None
    with app.app_context():
        assert starting.personal_data(masha) == []


# -- doing it ------------------------------------------------------------------------------------------------


def test_a_job_is_done_and_told(
    app: Flask, demo: Path, running: Callable[[], Jobs], librarian: FlaskClient
) -> None:
    job_id = start(app, "demo.count", {"most": 3}, number_of(app, "anna"))
    assert "Ждёт своей очереди" in librarian.get(f"/jobs/{job_id}").text
    running()
    until(lambda: stored(app, job_id).status == DONE)
    job = stored(app, job_id)
    assert (job.done, job.total, job.state, job.runs) == (3, 3, 3, 1)
    shown = librarian.get(f"/jobs/{job_id}").text
    assert "Уведомления" in shown
    assert 'href="/demo/"' in shown
    assert "hx-trigger" not in shown.partition('id="standing"')[2], "it asks no more"
    librarian.get("/language/en")
    assert "Notices" in librarian.get(f"/jobs/{job_id}").text
    assert "Done: Sections. Notices" in librarian.get("/notices/").text
    with app.app_context():
        notice = db.session.scalars(select(Notice)).one()
        assert (notice.text, notice.url) == ("Готово: Разделы. Уведомления", f"/jobs/{job_id}")
    assert said(demo) == ["from0"]


def test_changes_are_made_in_the_name_of_who_started_it(
    app: Flask, running: Callable[[], Jobs], librarian: FlaskClient
) -> None:
    how = "from libhub.search.asking import synonyms; synonyms.save('кот, котик')"
    job_id = start(app, "demo.harm", {"how": how}, number_of(app, "anna"))
    running()
    until(lambda: stored(app, job_id).status == DONE)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert entry.actor_id == number_of(app, "anna")


def test_progress_is_seen_while_it_is_done_and_it_stops_when_told(
    app: Flask, demo: Path, running: Callable[[], Jobs], librarian: FlaskClient
) -> None:
    (demo / "hold").write_text("4")
    job_id = start(app, "demo.count", {"most": 10}, number_of(app, "anna"))
    running()
    until(lambda: stored(app, job_id).done == 4)
    shown = librarian.get(f"/jobs/{job_id}").text
    assert 'value="4" max="10"' in shown
    assert 'hx-trigger="every 2s"' in shown
    fragment = librarian.get(f"/jobs/{job_id}", headers={"HX-Request": "true"}).text
    assert "4 из 10" in fragment
    assert "<html" not in fragment
    began = time.monotonic()
    librarian.post(f"/jobs/{job_id}/stop")
    assert "Останавливается" in librarian.get(f"/jobs/{job_id}").text
    until(lambda: stored(app, job_id).status == STOPPED)
    assert time.monotonic() - began < turns.FORCE_SECONDS, "it was ended by force"
    assert "Остановлено" in librarian.get(f"/jobs/{job_id}").text
    (demo / "hold").unlink()
    librarian.post(f"/jobs/{job_id}/go-on")
    until(lambda: stored(app, job_id).status == DONE)
    assert said(demo) == ["from0", "from4"]


def test_one_that_does_not_listen_is_stopped_by_force(
    app: Flask, demo: Path, running: Callable[[], Jobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "FORCE_SECONDS", 1.0)
    job_id = start(app, "demo.harm", {"how": "re.match('(a*)*b', 'a' * 60)"})
    running()
    until(lambda: said(demo) == ["begun"])
    with app.app_context():
        starting.ask_to_stop(job_id)
    until(lambda: stored(app, job_id).status == STOPPED)
    assert not told(app)


HARMS = {
    "says why not": ("raise LibHubError('Нет сети.')", "Нет сети.", ""),
    "raises": ("1 / 0", "Причину библиотекарь найдёт", "ZeroDivisionError"),
    "leaves by sys.exit": ("sys.exit(0)", "Причину", "SystemExit"),
    "leaves rows behind": (
        "from libhub.search.models import Synonym; db.session.add(Synonym(words='а, б'))",
        "Причину",
        "outside writing()",
    ),
}


@pytest.mark.parametrize("harm", sorted(HARMS))
def test_a_failure_is_told_to_the_person_and_what_is_a_fault_to_the_librarian(
    harm: str, app: Flask, running: Callable[[], Jobs], librarian: FlaskClient
) -> None:
    how, words, trouble = HARMS[harm]
    job_id = start(app, "demo.harm", {"how": how}, number_of(app, "anna"))
    running()
    until(lambda: stored(app, job_id).status == FAILED)
    assert words in librarian.get(f"/jobs/{job_id}").text
    assert "Не получилось: Вред." in librarian.get("/notices/").text
    assert trouble in told(app)
    assert bool(told(app)) == bool(trouble)
    assert stored(app, job_id).runs == 1, "what fails by itself is not tried again"


@pytest.mark.skipif(sys.platform == "win32", reason="of its own signals")
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("os._exit(0)", "(код 0)"),
        ("os.kill(os.getpid(), 11)", "(код -11)"),
        ("with writing(): time.sleep(600)", "TimeoutError"),
    ],
)
def test_one_that_breaks_off_is_tried_three_times_and_told_by_name(
    how: str,
    words: str,
    app: Flask,
    demo: Path,
    running: Callable[[], Jobs],
    librarian: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "LIMITS", Limits(lock_seconds=1))
    job_id = start(app, "demo.harm", {"how": how}, number_of(app, "anna"))
    running()
    until(lambda: stored(app, job_id).status == FAILED)
    assert said(demo) == ["begun"] * turns.MOST_TRIES
    assert "прервалась (попыток: 3)" in librarian.get(f"/jobs/{job_id}").text
    assert words in told(app)
    with app.app_context(), writing():
        pass  # its lock went with it


def test_a_run_that_is_over_writes_nothing_any_more(app: Flask) -> None:
    """A process that hangs and comes back does not disturb the one that took its place."""
    job_id = start(app, "demo.count", {"most": 3})
    with app.app_context():
        old = turns.claim()
        assert old is not None
        turns.take_up()
        new = turns.claim()
        assert new is not None
        assert (old.job_id, new.job_id) == (job_id, job_id)
        assert turns.must_end(old)
        assert not turns.must_end(new)
        with pytest.raises(JobStopped):
            JobWork(old, None, Standing()).save(99)
        turns.note_progress(old, 9, 9)
        turns.end(old, "zombie")
        turns.broke_off(old)
        turns.stand_still(old)
    job = stored(app, job_id)
    assert (job.status, job.state, job.done, job.text) == (RUNNING, None, 0, "")


def test_what_is_saved_holds_with_the_transaction_and_gives_new_tries(app: Flask) -> None:
    job_id = start(app, "demo.count", {"most": 3})
    with app.app_context():
        turn = turns.claim()
        assert turn is not None
        work = JobWork(turn, None, Standing())
        with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012
            work.save(1)
            raise ZeroDivisionError
        assert stored(app, job_id).state is None
        assert stored(app, job_id).tries == 1
        work.save(2)
        work.save(2)
        job = stored(app, job_id)
        assert (job.state, job.tries) == (2, 0)
        assert turns.must_end(turn) is False


def test_while_the_section_is_off_its_jobs_wait(
    app: Flask, demo: Path, running: Callable[[], Jobs], librarian: FlaskClient
) -> None:
    (demo / "hold").write_text("2")
    job_id = start(app, "demo.count", {"most": 4}, number_of(app, "anna"))
    running()
    until(lambda: stored(app, job_id).done == 2)
    with app.app_context():
        switch("demo", enable=False, actor=PROGRAM)
    until(lambda: stored(app, job_id).status == WAITING)
    (demo / "hold").unlink()
    assert "Ждёт, пока раздел снова включат" in librarian.get(f"/jobs/{job_id}").text
    time.sleep(2)
    assert said(demo) == ["from0"]
    with app.app_context():
        switch("demo", enable=True, actor=PROGRAM)
    until(lambda: stored(app, job_id).status == DONE)
    assert said(demo) == ["from0", "from2"]


def test_few_are_done_at_a_time(app: Flask, demo: Path, running: Callable[[], Jobs]) -> None:
    (demo / "hold").write_text("0")
    some = [start(app, "demo.count", {"most": 1}) for _number in range(jobs.AT_ONCE + 1)]
    running()
    until(lambda: len(said(demo)) == jobs.AT_ONCE)
    time.sleep(2)
    assert [stored(app, each).status for each in some] == [RUNNING] * jobs.AT_ONCE + [WAITING]
    (demo / "hold").unlink()
    until(lambda: all(stored(app, each).status == DONE for each in some))


def test_old_ones_are_forgotten(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ended, waiting = start(app, "demo.count", {"most": 1}), start(app, "demo.count", {"most": 1})
    with app.app_context():
        starting.ask_to_stop(ended)
        starting.forget_old()
        assert len(db.session.scalars(select(Job)).all()) == 2
        monkeypatch.setattr(starting, "KEPT", -starting.KEPT)
        starting.forget_old()
        assert [job.id for job in db.session.scalars(select(Job))] == [waiting]


# -- a hub that runs -----------------------------------------------------------------------------------------


def processes(server: LiveServer) -> list[psutil.Process]:
    """Return the processes in which jobs are done."""
    found = []
    for process in psutil.Process(server.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ended just now
            if job_process.MODULE in " ".join(process.cmdline()):
                found.append(process)
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="of its own signals")
def test_whatever_is_killed_the_job_goes_on_where_it_stood(
    instance: Path, app: Flask, demo: Path, librarian: FlaskClient
) -> None:
    (demo / "hold").write_text("3")
    job_id = start(app, "demo.count", {"most": 6}, number_of(app, "anna"))
    with serving(instance, workers=1) as server:
        until(lambda: stored(app, job_id).state == 3)
        [first] = processes(server)
        os.kill(first.pid, signal.SIGKILL)  # the job
        until(lambda: said(demo) == ["from0", "from3"])
        [second] = processes(server)
        background = second.parent()
        assert background is not None
        background.kill()  # the process behind the scenes
        until(lambda: said(demo) == ["from0", "from3", "from3"])
        until(lambda: len(processes(server)) == 1)
        [third] = processes(server)
        server.process.kill()  # the hub
        server.process.wait(SOON)
        _gone, alive = psutil.wait_procs([second, third], timeout=10)
        assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    (demo / "hold").write_text("4")
    with serving(instance, workers=1) as server:
        until(lambda: stored(app, job_id).state == 4)
        server.process.terminate()  # in good order
        assert server.process.wait(SOON) == 0
        assert stored(app, job_id).status == WAITING
    (demo / "hold").unlink()
    with serving(instance, workers=1):
        until(lambda: stored(app, job_id).status == DONE)
    assert said(demo) == ["from0", "from3", "from3", "from3", "from4"]
    assert "killed" not in (instance / "libhub.log").read_text(encoding="utf-8")


def test_indexing_is_not_held_up_by_jobs(instance: Path, app: Flask, demo: Path) -> None:
    for _number in range(jobs.AT_ONCE):
        start(app, "demo.harm", {"how": "re.match('(a*)*b', 'a' * 60)"})
    with serving(instance, workers=1) as server:
        until(lambda: said(demo) == ["begun"] * jobs.AT_ONCE)
        with app.app_context():
            rules.save(ResourceData(age=0, title="Синхрофазотрон", url="https://example.org/s"))

        def hit() -> bool:
            with urlopen(f"{server.url}/search.json?q={quote('синхрофазотрон')}") as answer:
                return bool(json.load(answer)["total"] == 1)

        until(hit, 20)
