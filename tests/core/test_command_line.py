"""The command line: every error is clear words on stderr and a non-zero exit, never a traceback."""

import io
import logging
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from libhub.cli import main
from libhub.config import CONFIG_FILE
from libhub.testing import PASSWORD, make_app, release


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Return a function that runs a command in this process, which is fast."""

    def command(instance: Path, *arguments: str, stdin: str = "") -> Outcome:
        monkeypatch.setenv("LIBHUB_INSTANCE", str(instance))
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capsys.readouterr()
        code = ended.value.code
        return Outcome(code if isinstance(code, int) else 1, captured.out, captured.err)

    before = set(logging.getLogger().handlers)
    yield command
    for handler in set(logging.getLogger().handlers) - before:
        logging.getLogger().removeHandler(handler)
        handler.close()


def failed(outcome: Outcome, *named: str) -> None:
    """Assert that a command failed in one line that names what it is about."""
    assert outcome.code != 0
    assert "Traceback" not in outcome.out + outcome.err
    assert len(outcome.err.strip().splitlines()) == 1, outcome.err
    for part in named:
        assert part in outcome.err


def test_setup_makes_an_instance_and_can_be_repeated(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    for _time in range(2):
        outcome = run(folder, "setup", "--yes")
        assert outcome.code == 0, outcome.err
        assert str(folder) in outcome.out
    assert (folder / "libhub.db").is_file()
    assert run(folder, "doctor").code == 0


def test_a_wrong_setting_is_one_line(run: Run, instance: Path) -> None:
    (instance / CONFIG_FILE).write_text("port = 0", encoding="utf-8")
    failed(run(instance, "plugins", "list"), CONFIG_FILE, "port")


def test_a_database_address_that_makes_no_sense_is_one_line(run: Run, instance: Path) -> None:
    for url in ("nonsense", "nosuchdb://x", "sqlite:////nowhere/at/all.db"):
        (instance / CONFIG_FILE).write_text(f'database_url = "{url}"', encoding="utf-8")
        failed(run(instance, "setup", "--yes"))


def test_an_instance_that_is_a_file_is_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("not a folder", encoding="utf-8")
    failed(run(path, "setup", "--yes"), str(path))


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_an_instance_that_cannot_be_read_is_one_line(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user may read and write everything")
        failed(run(folder, "setup", "--yes"), str(folder))
    finally:
        folder.chmod(0o700)


def test_an_instance_that_was_not_set_up_says_what_to_do(run: Run, tmp_path: Path) -> None:
    failed(run(tmp_path / "new", "users", "list"), "libhub setup")


def test_a_file_that_is_no_database_is_one_line(run: Run, instance: Path) -> None:
    for name in ("libhub.db-wal", "libhub.db-shm"):
        (instance / name).unlink(missing_ok=True)
    (instance / "libhub.db").write_bytes(b"this is no database" * 1000)
    failed(run(instance, "setup", "--yes"))
    failed(run(instance, "users", "list"))


def test_a_busy_port_is_one_line_with_a_way_out(run: Run, instance: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failed(run(instance, "serve", "--port", str(port)), str(port), "--port")


def test_an_address_of_another_machine_is_one_line(run: Run, instance: Path) -> None:
    failed(run(instance, "serve", "--host", "192.0.2.1", "--port", "8399"), "192.0.2.1")


@pytest.mark.parametrize(
    "arguments",
    [("plugins", "enable", "nosuch"), ("plugins", "disable", "nosuch")],
    ids=" ".join,
)
def test_an_unknown_plugin_is_named(run: Run, instance: Path, arguments: tuple[str, ...]) -> None:
    failed(run(instance, *arguments), "nosuch")


@pytest.mark.parametrize(
    "arguments",
    [
        ("users", "add", "anna", "--role", "king", "--name", "Анна", "--password-stdin"),
        ("nosuch",),
        ("users", "nosuch"),
        ("serve", "--port", "0"),
        ("serve", "--workers", "many"),
        ("users", "add"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_shows_its_usage(run: Run, instance: Path, arguments: tuple[str, ...]) -> None:
    outcome = run(instance, *arguments)
    assert outcome.code == 2
    assert outcome.err
    assert "Traceback" not in outcome.err


def test_accounts_are_added_listed_and_given_passwords(run: Run, instance: Path) -> None:
    add = ("users", "add", "anna", "--role", "teacher", "--name", "Анна Ивановна", "--password-stdin")
    assert run(instance, *add, stdin=f"{PASSWORD}\n").code == 0
    assert "Анна Ивановна" in run(instance, "users", "list").out
    failed(run(instance, *add, stdin=f"{PASSWORD}\n"), "anna")
    reset = ("users", "reset-password", "ANNA", "--password-stdin")
    assert run(instance, *reset, stdin="совсем другой пароль\n").code == 0
    app = make_app(instance)
    browser = app.test_client()
    old = browser.post("/auth/sign-in", data={"username": "anna", "password": PASSWORD})
    new = browser.post("/auth/sign-in", data={"username": "anna", "password": "совсем другой пароль"})
    assert (old.status_code, new.status_code) == (401, 302)
    release(app)


@pytest.mark.parametrize("password", ["", "коротк", "д" * 201])
def test_a_password_that_does_not_do_is_one_line(run: Run, instance: Path, password: str) -> None:
    add = ("users", "add", "anna", "--role", "teacher", "--name", "Анна", "--password-stdin")
    failed(run(instance, *add, stdin=f"{password}\n"))
    failed(run(instance, "users", "reset-password", "nobody", "--password-stdin", stdin=f"{PASSWORD}\n"))


@pytest.mark.parametrize("login", ["a", "with space", "a" * 81, "<script>", ""])
def test_a_user_name_that_does_not_do_is_one_line(run: Run, instance: Path, login: str) -> None:
    add = ("users", "add", login, "--role", "teacher", "--name", "Анна", "--password-stdin")
    failed(run(instance, *add, stdin=f"{PASSWORD}\n"))


def test_plugins_are_listed_and_switched(run: Run, instance: Path) -> None:
    assert run(instance, "plugins", "disable", "resources").code == 0
    off = run(instance, "plugins", "list").out
    assert run(instance, "plugins", "disable", "resources").code == 0
    assert run(instance, "plugins", "enable", "resources").code == 0
    on = run(instance, "plugins", "list").out
    assert off != on
    assert any(line.startswith("resources\t") for line in off.splitlines())


def test_a_lost_index_is_made_anew_by_reindex(run: Run, instance: Path) -> None:
    (instance / "index" / "CURRENT").unlink()
    assert run(instance, "doctor").code == 1
    assert run(instance, "reindex").code == 0
    assert run(instance, "doctor").code == 0


def test_help_works_with_a_wrong_setting(run: Run, instance: Path) -> None:
    (instance / CONFIG_FILE).write_text("port = 0", encoding="utf-8")
    outcome = run(instance, "--help")
    assert outcome.code == 0
    assert "serve" in outcome.out
