"""A stranger who guesses shuts nobody out; who has the other layout is let in; a password takes nobody's pages."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from libhub.accounts import accounts, limits, passwords
from libhub.accounts.accounts import UserDetails
from libhub.accounts.limits import GUESSES, GUESSES_FROM_ALL, GUESSES_WITHIN
from libhub.accounts.models import LimitCount
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.testing import make_app, release
from libhub.web import cookies

SECRET = "домик сыр лук"
STRANGER = "10.0.0.66"
Browser = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def masha(app: Flask) -> int:
    """A pupil with a password of Russian words."""
    with app.app_context():
        return accounts.add_user(UserDetails("masha", "Маша", STUDENT), SECRET).id


def attempt(browser: FlaskClient, password: str = SECRET, name: str = "masha", address: str = "") -> int:
    given = {"environ_overrides": {"REMOTE_ADDR": address}} if address else {}
    answer = browser.post("/auth/sign-in", data={"username": name, "password": password}, **given)
    return answer.status_code


def guess_on(app: Flask, address: str = STRANGER, times: int = GUESSES.most + 5) -> list[int]:
    browser = app.test_client()
    return [attempt(browser, f"неверный {number}", address=address) for number in range(times)]


def test_a_stranger_slows_down_himself_alone(app: Flask, client: FlaskClient) -> None:
    assert guess_on(app) == [401] * GUESSES.most + [429] * 5
    assert attempt(client) == 302, "from another address nobody guessed"


def test_a_pause_is_told(app: Flask, client: FlaskClient) -> None:
    guess_on(app, "127.0.0.1")
    answer = client.post("/auth/sign-in", data={"username": "masha", "password": SECRET})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert re.search(r"Слишком много попыток\. Подождите \d+ секунд", answer.text)


def test_many_addresses_hold_the_owner_up_for_a_minute_at_most(
    app: Flask, client: FlaskClient, masha: int
) -> None:
    with app.app_context():
        for _try in range(GUESSES_FROM_ALL.most + 20):
            with writing():
                db.session.execute(update(LimitCount).values(next_at=now()))
            limits.attempt(GUESSES_FROM_ALL, masha)
    answer = client.post("/auth/sign-in", data={"username": "masha", "password": SECRET})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 60


def test_a_browser_that_is_known_goes_on_where_strangers_guess(app: Flask) -> None:
    known = app.test_client()
    assert attempt(known) == 302
    known.post("/auth/sign-out")
    guess_on(app, "127.0.0.1")
    assert attempt(app.test_client()) == 429
    assert attempt(known) == 302
    known.post("/auth/sign-out")
    told = [attempt(known, f"неверный {number}") for number in range(GUESSES.most + 1)]
    assert told == [401] * GUESSES.most + [429], "it is no way around the limit"


def test_a_browser_is_known_for_its_own_people(app: Flask) -> None:
    with app.app_context():
        accounts.add_user(UserDetails("petya", "Петя", STUDENT), SECRET)
    browser = app.test_client()
    assert attempt(browser) == 302
    browser.post("/auth/sign-out")
    assert [attempt(browser, f"неверный {n}", "petya") for n in range(GUESSES.most)] == [401] * GUESSES.most
    assert attempt(browser, name="petya") == 429
    assert attempt(browser) == 302


def test_a_forged_or_old_cookie_makes_no_known_browser(app: Flask, masha: int) -> None:
    known = app.test_client()
    attempt(known)
    with app.app_context():
        name = cookies.name_of(cookies.KNOWN)
    cookie = known.get_cookie(name, path="/auth")
    assert cookie is not None
    assert cookie.http_only
    assert "masha" not in cookie.value
    guess_on(app, "127.0.0.1")
    for value in (cookie.value[:-2] + "xy", "выдумка", ""):
        forged = app.test_client()
        forged.set_cookie(name, value, path="/auth")
        assert attempt(forged) == 429
    with app.app_context():
        accounts.set_password(masha, SECRET + " ещё", must_change_password=False)
    guess_on(app, "127.0.0.1")
    known.post("/auth/sign-out")
    assert attempt(known, SECRET + " ещё") == 429, "a new password makes every browser a stranger"


def test_a_pc_of_the_reading_room_is_nobodys_known_browser(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        code = computers.new_code(computers.add(Details("У окна")))
        name = cookies.name_of(cookies.KNOWN)
    client.post(f"/pc/{code}")
    assert attempt(client) == 302
    assert client.get_cookie(name, path="/auth") is None


def test_a_new_password_of_the_librarian_opens(app: Flask, as_viewer: Browser, masha: int) -> None:
    guess_on(app, "127.0.0.1")
    answer = as_viewer(LIBRARIAN).post(f"/admin/users/{masha}/password", follow_redirects=True)
    found = re.search(r"<code>(\w+)</code>", answer.text)
    assert found
    assert attempt(app.test_client(), found[1]) == 302


def test_ones_own_password_is_guessed_no_better_from_within(app: Flask, client: FlaskClient) -> None:
    assert attempt(client) == 302

    def change(old: str) -> int:
        new = "совсем новый пароль"
        return client.post("/auth/password", data={"old": old, "new": new, "again": new}).status_code

    assert [change(f"неверный {n}") for n in range(GUESSES_WITHIN.most)] == [422] * GUESSES_WITHIN.most
    assert change(SECRET) == 429
    with app.app_context(), writing():
        db.session.execute(update(LimitCount).values(next_at=now()))
    assert change(SECRET) == 302


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("masha", SECRET, False),
        ("masha", "ljvbr csh ker", True),
        ("ьфырф", SECRET, True),
        ("ьфырф", "ljvbr csh ker", True),
        ("MASHA", SECRET, False),
    ],
)
def test_the_other_layout_is_understood_and_said(
    client: FlaskClient, name: str, password: str, told: bool
) -> None:
    assert attempt(client, password, name) == 302
    assert ("в другой раскладке" in client.get("/").text) is told


@pytest.mark.parametrize(("name", "password"), [("masha", "ljvbr csh"), ("ьфыр", SECRET), ("masha", "лук")])
def test_wrong_is_wrong_in_every_layout(client: FlaskClient, name: str, password: str) -> None:
    assert attempt(client, password, name) == 401


def test_petr_is_petr(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        accounts.add_user(UserDetails("пётр", "Пётр", STUDENT), SECRET)
    assert attempt(client, name="Петр") == 302


@pytest.mark.parametrize("stored", [None, "", "!", "no hash at all", "$argon2id$v=19$m=65536,t=3,p=4$xx$yy"])
def test_what_is_no_hash_is_never_right(stored: str | None) -> None:
    assert not passwords.verify_password(stored, SECRET)
    assert not passwords.verify_password(stored, "")


def test_an_invalid_hash_costs_what_a_wrong_password_does(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    real = passwords._hasher

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            hashed.append(stored)
            return real.verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert not passwords.verify_password("!", SECRET)
    assert hashed[-1] == passwords._DECOY


@pytest.fixture
def slow_hash(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Passwords that are looked at until the event is set."""
    done = threading.Event()
    monkeypatch.setattr(passwords, "_is_right", lambda _stored, _password: not done.wait(20))
    yield done
    done.set()


def test_few_passwords_are_looked_at_and_the_others_asked_to_come_again(
    app: Flask, slow_hash: threading.Event
) -> None:
    told: list[int] = []
    waiting = [
        threading.Thread(target=lambda: told.append(attempt(app.test_client())))
        for _n in range(passwords.PLACES)
    ]
    for thread in waiting:
        thread.start()
    until = time.monotonic() + 20
    while passwords._places._value > 0:  # type: ignore[attr-defined]
        assert time.monotonic() < until
        time.sleep(0.01)
    answer = app.test_client().post("/auth/sign-in", data={"username": "masha", "password": SECRET})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(passwords.RETRY_SECONDS))
    assert "Попробуйте ещё раз через несколько секунд" in answer.text
    slow_hash.set()
    for thread in waiting:
        thread.join()
    assert told == [401] * passwords.PLACES
    with app.app_context():
        row = db.session.scalar(db.select(LimitCount).where(LimitCount.key.startswith(f"{GUESSES.name}|")))
        assert row is not None
        assert row.number == passwords.PLACES, "who was asked to come again tried nothing"


def test_parallel_guessers_of_two_workers_get_no_more_guesses(app: Flask, instance: Path) -> None:
    other = make_app(instance)
    told: list[int] = []

    def guess(worker: Flask) -> None:
        browser = worker.test_client()
        told.extend(attempt(browser, f"неверный {number}") for number in range(4))

    threads = [threading.Thread(target=guess, args=((app, other)[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 32
    assert 1 <= told.count(401) <= GUESSES.most + 3, "as many as may be, and one after each short pause"
    assert set(told) <= {401, 429, 503}
    release(other)
