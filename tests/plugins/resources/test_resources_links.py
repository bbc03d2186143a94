"""The link check against a small site on this machine; nothing else is reached."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from flask import Flask

from libhub.api import set_archived
from libhub.base.db import db
from libhub.kit.jobs import turns
from libhub.kit.jobs.models import Job
from libhub.kit.jobs.starting import start_job
from libhub.kit.jobs.work import JobResult, JobStopped, JobWork, Standing
from libhub.serving.jobs import Jobs
from libhub.testing import free_port
from plugins.resources import link_check, rules
from plugins.resources.link_check import Target
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData

asked: list[str] = []
"""What was asked for, with GET or HEAD."""


class Site(BaseHTTPRequestHandler):
    """Answers by its path: a number is the status."""

    def do_HEAD(self) -> None:
        """Answer as GET does, but refuse where only GET is known."""
        self._answer(405 if self.path == "/only-get" else None)

    def do_GET(self) -> None:
        """Answer by the path."""
        self._answer(None)

    def _answer(self, code: int | None) -> None:
        asked.append(self.path)
        name = self.path.partition("?")[0].strip("/")
        targets = {"moved": "/200", "elsewhere": "http://other.invalid/", "loop": "/loop", "app": "app://x"}
        if name == "slow":
            time.sleep(1.5)
        if code is None:
            code = 302 if name in targets else int(name) if name.isdigit() else 200
        self.send_response(code)
        if name in targets:
            self.send_header("Location", targets[name])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@dataclass
class Local:
    url: str


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use no proxy of the machine on which the tests run."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site() -> Iterator[Local]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Local(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "state", "code"),
    [
        ("/200", "ok", 200),
        ("/only-get", "ok", 200),
        ("/moved", "redirect", 200),
        ("/elsewhere", "other_site", 302),
        ("/app", "other_site", 302),
        ("/loop", "error", 302),
        ("/404", "gone", 404),
        ("/410", "gone", 410),
        ("/500", "error", 500),
        ("/403", "error", 403),
        ("/slow", "timeout", None),
    ],
)
def test_what_a_link_turns_out_to_be(site: Local, path: str, state: str, code: int | None) -> None:
    with httpx.Client(timeout=0.5, follow_redirects=False) as client:
        finding = link_check.look(client, Target(1, "A", site.url + path))
    assert (finding.state, finding.code) == (state, code)


def test_nobody_there_and_no_address_at_all() -> None:
    with httpx.Client(timeout=0.5) as client:
        for url in (f"http://127.0.0.1:{free_port()}/", "http://[::", "https://" + "a" * 300 + "/"):
            assert link_check.look(client, Target(1, "A", url)).state == "unreachable"


def test_a_bad_certificate_is_told_apart() -> None:
    import ssl

    refused = httpx.ConnectError("no")
    refused.__cause__ = ssl.SSLCertVerificationError("self-signed")

    def handler(_request: httpx.Request) -> httpx.Response:
        raise refused

    with httpx.Client(transport=httpx.MockTransport(handler)) as client:
        assert link_check.look(client, Target(1, "A", "https://a.org")).state == "certificate"


def only_these(*urls: str) -> list[int]:
    """Leave nothing in the directory but these addresses."""
    others = [target.id for target in link_check.targets(everything=True)]
    set_archived(Resource, others, archived=True)
    return [rules.save(ResourceData(age=0, title=url[-30:], url=url)) for url in urls]


def test_results_are_written_down_and_the_resource_stays_as_it_was(app: Flask, site: Local) -> None:
    with app.app_context():
        good, dead = only_these(f"{site.url}/200", f"{site.url}/404")
        before = rules.get(good).updated_at
        outcome = link_check.check(link_check.targets(), timeout=1)
        db.session.expire_all()
        assert not outcome.offline
        assert [(rules.get(n).link_state, rules.get(n).link_code) for n in (good, dead)] == [
            ("ok", 200),
            ("gone", 404),
        ]
        assert rules.get(good).link_checked_at is not None
        assert rules.get(good).updated_at == before
        assert [target.id for target in link_check.targets()] == [dead]
        assert len(link_check.targets(everything=True)) == 2


def test_offline_nothing_is_marked_dead(app: Flask) -> None:
    with app.app_context():
        numbers = only_these(*(f"http://127.0.0.{n}:{free_port()}/" for n in (1, 1)))
        outcome = link_check.check(link_check.targets(), timeout=0.5)
        assert outcome.offline
        assert [rules.get(number).link_state for number in numbers] == ["", ""]


def test_one_dead_site_is_believed_when_another_answers(app: Flask, site: Local) -> None:
    with app.app_context():
        dead, _good = only_these(f"http://localhost:{free_port()}/", f"{site.url}/200")
        outcome = link_check.check([link_check.target_of(rules.get(dead))], timeout=0.5)
        assert not outcome.offline
        assert rules.get(dead).link_state == "unreachable"


class Halting(Standing):
    """Stops a job after so many links."""

    most = 10**6

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "told" and value is not None and value[0] >= self.most:
            self.ends.set()


def run_of(app: Flask, most: int) -> tuple[JobResult | None, tuple[int, int] | None]:
    """Run the job that waits, stopped after so many links; return what came of it, and what it told last."""
    turn = turns.claim()
    assert turn is not None
    standing = Halting()
    standing.most = most
    work = JobWork(turn, db.session.get_one(Job, turn.job_id).state, standing)
    try:
        return link_check.check_as_job(work, everything=True), standing.told
    except JobStopped:
        turns.stand_still(turn)
        return None, standing.told


def test_a_job_goes_on_where_it_was_stopped(app: Flask, site: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_check, "PART_OF_JOB", 2)
    with app.app_context():
        numbers = only_these(*(f"{site.url}/{code}?{code}" for code in (200, 201, 404, 202, 203)))
        start_job(link_check.JOB, {"everything": True}, started_by=None)
        assert run_of(app, 3) == (None, (3, 5))
        asked.clear()
        result, told = run_of(app, 10**6)
        assert told == (5, 5)
        assert result is not None
        assert str(result.text) == "Проверено 5 ссылок; не работает: 1."
        assert result.url == "/resources/manage?state=broken"
        assert len(set(asked)) == 3, "the first two were not asked again"
        assert all(rules.get(number).link_checked_at for number in numbers)


def test_the_librarian_starts_it_in_the_page_and_is_told(app: Flask, site: Local, as_viewer: Any) -> None:
    librarian = as_viewer("librarian")
    with app.app_context():
        only_these(f"{site.url}/200")
    first = librarian.post("/resources/check-links").location
    assert librarian.post("/resources/check-links").location == first, "it is one check, whoever asks"
    stopping = threading.Event()
    jobs = Jobs(app, stopping)
    jobs.start()
    deadline = time.monotonic() + 90
    while "Проверена 1 ссылка" not in librarian.get(first).text:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    stopping.set()
    jobs.stop()
    assert "Готово: Проверка ссылок. Проверена 1 ссылка; не работает: 0." in librarian.get("/notices/").text
