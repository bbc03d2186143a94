"""How long a month page with many events takes: one guest and one librarian after another, in this process.

python bench/events_month.py [--events 300] [--rounds 200]
"""

import argparse
import statistics
import tempfile
import time
from calendar import monthrange
from datetime import datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from libhub.accounts.permissions import GUEST, LIBRARIAN
from libhub.api import school_zone, today
from libhub.base.db import writing
from libhub.installation import prepare
from libhub.testing import make_app, release, sign_in
from plugins.events import rooms, rules
from plugins.events.rules import EventData
from plugins.events.schedule import categories


def fill(number: int) -> None:
    """Spread events over the days of this month, with categories, places and all."""
    first = today().replace(day=1)
    days = monthrange(first.year, first.month)[1]
    kinds = [category.id for category in categories.listing()]
    with writing():
        places = [rooms.save_place(f"Комната {place}", 20) for place in range(20)]
        for place in range(number):
            starts = datetime(first.year, first.month, place % days + 1, 9 + place // days % 10)
            rules.create(
                EventData(
                    title=f"Событие номер {place} с названием обычной длины",
                    starts=starts,
                    ends=starts + timedelta(minutes=45),
                    zone=str(school_zone()),
                    category_id=kinds[place % len(kinds)],
                    place_id=places[place % len(places)],
                    occupies=False,
                    age=6,
                )
            )


def measure(browser: FlaskClient, path: str, rounds: int) -> list[float]:
    """Return the milliseconds of each request."""
    browser.get(path)
    taken = []
    for _round in range(rounds):
        started = time.perf_counter()
        answer = browser.get(path)
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200
    return sorted(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=200)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder) / "instance")
        prepare(app, lambda _done, _all: None)
        with app.test_request_context():
            fill(chosen.events)
        print(f"{chosen.events} events in the month, {chosen.rounds} requests each, ms")
        for role in (GUEST, LIBRARIAN):
            browser = sign_in(app, role)
            for path in ("/events/", "/events/agenda", "/events/print", "/events/feeds/all.ics"):
                taken = measure(browser, path, chosen.rounds)
                p95 = taken[int(len(taken) * 0.95)]
                print(f"{role:10} {path:24} p50 {statistics.median(taken):6.1f}  p95 {p95:6.1f}")
        release(app)


if __name__ == "__main__":
    main()
