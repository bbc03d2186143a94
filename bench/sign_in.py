"""How quick the pages stay beside those who guess passwords: of many accounts, and one's own password.

To compare with: the pages alone, and beside as many who do nothing but open the page on which one signs in.

python bench/sign_in.py [--before FOLDER] [--guessers 16] [--seconds 12]

``FOLDER`` is a checkout of the state before, measured in the same run, in turn with this one. Guesses that were looked
at are counted by themselves; the others were asked to wait.
"""

import argparse
import http.cookiejar
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from itertools import count
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from over_http import Connection, times_of

from libhub.testing.servers import serving

ROOT = Path(__file__).parents[1]
PEOPLE = 600
PASSWORD = "правильный пароль"
OPEN, OWN, MANY = "nobody's password", "one's own password", "passwords of many accounts"
PAGES = ("/", "/resources/", "/search?q=сказки", "/events/", "/crafts/")
FILL = f"""
from pathlib import Path
import sys
from libhub.accounts.accounts import UserDetails, apply_details, clean_details
from libhub.accounts.models import User
from libhub.accounts.passwords import hash_password
from libhub.base.db import db, writing
from libhub.installation import prepare
from libhub.testing import make_app, release
instance = Path(sys.argv[1])
app = make_app(instance)
with app.app_context():
    prepare(app, lambda *_said: None)
    stored = hash_password({PASSWORD!r})
    with writing():
        for number in range({PEOPLE}):
            user = User(password_hash=stored)
            apply_details(user, clean_details(UserDetails(f"pupil{{number}}", f"Ученик {{number}}", "student")))
            db.session.add(user)
release(app)
"""
"""Makes an instance with accounts; run by the program that is measured."""
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Guesser:
    """A browser that sends the same form again and again."""

    def __init__(self, url: str, path: str, signed_in_as: str = "") -> None:
        self._url, self._path = url, path
        self._browser: OpenerDirector = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))
        if signed_in_as:
            self._read("/auth/sign-in")
            if self.send(username=signed_in_as, password=PASSWORD, to="/auth/sign-in") != 200:
                raise SystemExit(f"{signed_in_as} was not let in")
        self._read(path)

    def _read(self, path: str) -> None:
        with self._browser.open(f"{self._url}{path}", timeout=60) as answer:
            self._token = _TOKEN.findall(answer.read().decode())[-1]

    def open(self) -> int:
        """Open the page once more."""
        self._read(self._path)
        return 200

    def send(self, to: str = "", **fields: str) -> int:
        """Send the form; return the status of the answer."""
        body = urlencode({"csrf_token": self._token, **fields}).encode()
        try:
            with self._browser.open(Request(f"{self._url}{to or self._path}", body), timeout=60) as answer:
                answer.read()
                return int(answer.status)
        except HTTPError as error:
            error.read()
            return error.code


def pages(url: str, seconds: float) -> list[float]:
    """Ask for one page after another, with a pause as a reader makes it; return the seconds of each answer."""
    connection, taken, turn = Connection(url), [], count()
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop:
        answer = connection.get(
            PAGES[next(turn) % len(PAGES)].replace("сказки", "%D1%81%D0%BA%D0%B0%D0%B7%D0%BA%D0%B8")
        )
        assert answer.status == 200
        taken.append(answer.seconds)
        time.sleep(0.05)
    connection.close()
    return taken


def beside(url: str, guessers: list[Guesser], what: str, seconds: float) -> tuple[list[float], Counter[int]]:
    """Measure the pages while all guess; return the seconds, and how many guesses were answered how."""
    told: Counter[int] = Counter()
    turn, over = count(), threading.Event()

    def guess(guesser: Guesser) -> None:
        while not over.is_set():
            number = next(turn)
            if what == OPEN:
                told[guesser.open()] += 1
            elif what == OWN:
                wrong, new = f"неверный {number}", "совсем новый пароль"
                told[guesser.send(old=wrong, new=new, again=new)] += 1
            else:
                told[guesser.send(username=f"pupil{number % PEOPLE}", password=f"неверный {number}")] += 1

    threads = [threading.Thread(target=guess, args=(each,)) for each in guessers]
    for thread in threads:
        thread.start()
    time.sleep(1)
    taken = pages(url, seconds)
    over.set()
    for thread in threads:
        thread.join()
    return taken, told


def measure(name: str, checkout: Path, number: int, seconds: float) -> None:
    """Measure one state of the program and print what it came to."""
    os.environ["PYTHONPATH"] = str(checkout)
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder, "instance")
        subprocess.run([sys.executable, "-c", FILL, str(instance)], check=True, cwd=checkout)
        with serving(instance, workers=2, checkout=checkout) as server:
            time.sleep(5)
            pages(server.url, 3)
            print(f"{name}, alone: {times_of(pages(server.url, seconds))}")
            for what in (OPEN, OWN, MANY):
                path, person = ("/auth/password", "pupil0") if what == OWN else ("/auth/sign-in", "")
                guessers = [Guesser(server.url, path, person) for _each in range(number)]
                taken, told = beside(server.url, guessers, what, seconds)
                print(
                    f"{name}, beside {number} who guess {what}: {times_of(taken)}; "
                    f"{told[401] + told[422]} looked at, {told[429] + told[503]} asked to wait"
                )


def main() -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="a checkout of the state before")
    parser.add_argument("--guessers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=12)
    given = parser.parse_args()
    for name, checkout in (("before", given.before), ("now", ROOT)):
        if checkout is not None:
            measure(name, checkout.resolve(), given.guessers, given.seconds)


if __name__ == "__main__":
    main()
