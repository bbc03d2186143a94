"""How fast the pages of a full hub are: 50,000 resources, 500 activities, 5,000 events, 50 courses, two workers.

``python bench/pages.py [--corpus FOLDER] [--seconds 8] [--only WORD]``: the instance is filled once, under ``build/``,
with the texts of ``bench/corpus.py`` if they are there. Of every page different ones are asked for (other items, other
months, other words). The processor's time and the queries are those of the page in this process, without the network.
"""

import argparse
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask
from full_instance import full_instance
from over_http import Times, many_clients, one_client
from search_speed import SEED, two_words

from libhub.accounts.permissions import GUEST, LIBRARIAN, STUDENT, TEACHER
from libhub.base.db import db
from libhub.caching.deferred_writes import later_of
from libhub.testing import PASSWORD, counted_queries, forget_remembered, make_app, release, serving, sign_in
from plugins.crafts.models import Activity
from plugins.events.models import Event
from plugins.resources.models import Resource
from plugins.training.models import Course, Lesson

DIFFERENT = 400
"""Addresses of one kind of page that the clients share out among themselves."""
ALONE = 100
"""Requests of the one client, and of the measurement in this process."""


@dataclass(frozen=True)
class Page:
    """A kind of page as one kind of visitor asks for it."""

    name: str
    role: str
    paths: Sequence[str]


def pages(app: Flask) -> list[Page]:
    """Return what is measured."""
    chance = random.Random(SEED)
    with app.app_context():
        texts = list(db.session.scalars(db.select(Resource.description).where(Resource.age == 0).limit(4000)))
        words = [f"/search?q={quote(two_words(texts, chance))}" for _each in range(DIFFERENT)]
        some = {
            name: [f"/{path}/{number}" for number in chance.sample(ids, min(DIFFERENT, len(ids)))]
            for name, path, ids in (
                ("resource", "resources", _ids(Resource.id, Resource.age == 0)),
                ("activity", "crafts", _ids(Activity.id, Activity.present(), Activity.age <= 12)),
                ("event", "events", _ids(Event.id, Event.age <= 12, Event.state == "published")),
                ("course", "training", _ids(Course.id, Course.published, Course.for_whom == "staff")),
                ("lesson", "training/lessons", _ids(Lesson.id, Lesson.id > 30)),
            )
        }
    months = [f"/events/?date={date(2026, month, 1)}" for month in range(1, 13)]
    days = [f"/events/agenda?date={date(2026, month, day)}" for month in range(1, 13) for day in (1, 11, 21)]
    kinds = [
        f"/resources/?{urlencode({'kind': kind, 'page': place})}"
        for kind in ("ebooks", "tales")
        for place in range(1, 21)
    ]
    return [
        Page("home", GUEST, ["/"]),
        Page("home", STUDENT, ["/"]),
        Page("home", LIBRARIAN, ["/"]),
        Page("resources", GUEST, ["/resources/"]),
        Page("resources of a kind", GUEST, kinds),
        Page("resources", LIBRARIAN, ["/resources/"]),
        Page("a resource", GUEST, some["resource"]),
        Page("a resource", STUDENT, some["resource"]),
        Page("activities", GUEST, [f"/crafts/?page={place}" for place in range(1, 15)]),
        Page("an activity", GUEST, some["activity"]),
        Page("month", GUEST, months),
        Page("month", LIBRARIAN, months),
        Page("list of events", GUEST, days),
        Page("an event", GUEST, some["event"]),
        Page("training", TEACHER, ["/training/"]),
        Page("a course", TEACHER, some["course"]),
        Page("a lesson", TEACHER, some["lesson"]),
        Page("search, two words", GUEST, words),
        Page("search, two words", LIBRARIAN, words),
    ]


def _ids(column: object, *conditions: object) -> list[int]:
    return list(db.session.scalars(db.select(column).where(*conditions)))


def in_process(app: Flask, page: Page) -> tuple[int, float, int]:
    """Return the most queries of a page, the milliseconds of processor that it takes, and its bytes."""
    browser = sign_in(app, page.role, username=page.role)
    queries = size = 0
    for path in page.paths[:5]:
        forget_remembered(app)
        browser.get("/healthz")  # reads again what is the same for all pages: settings, the visitor
        with counted_queries(app) as log:
            answer = browser.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        queries, size = max(queries, len(log)), max(size, len(answer.data))
    started = time.process_time()
    for number in range(ALONE):
        browser.get(page.paths[number % len(page.paths)])
    return queries, (time.process_time() - started) * 1000 / ALONE, size


def cookie_of(url: str, role: str) -> dict[str, str]:
    """Sign somebody in as a browser does; return the header that says so."""
    if role == GUEST:
        return {}
    connection = HTTPConnection(urlsplit(url).netloc)
    connection.request("GET", "/auth/sign-in")
    answer = connection.getresponse()
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', answer.read())
    assert token, "there is no form to sign in with"
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    form = urlencode({"username": role, "password": PASSWORD, "csrf_token": token.group(1).decode()})
    connection.request(
        "POST", "/auth/sign-in", form, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    )
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302, answer.status
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="what bench/corpus.py made")
    parser.add_argument("--seconds", type=float, default=8.0, help="of the thirty clients, for each page")
    parser.add_argument("--only", default="", help="pages whose name has this word")
    parser.add_argument("--in-process", action="store_true", help="only the processor's time and the queries")
    asked = parser.parse_args()
    instance = full_instance(asked.corpus)
    app = make_app(instance)
    later_of(app).start(app)  # as in a worker: what is counted is written later
    wanted = [page for page in pages(app) if asked.only in page.name]
    costs = [in_process(app, page) for page in wanted]
    later_of(app).stop()
    release(app)
    over_http: list[tuple[Times, Times] | None] = [None] * len(wanted)
    if not asked.in_process:
        with serving(instance) as server:
            time.sleep(3)  # the workers read the dictionary and the titles
            cookies = {role: cookie_of(server.url, role) for role in {page.role for page in wanted}}
            for place, page in enumerate(wanted):
                paths = [*page.paths] * (1 + ALONE // len(page.paths))
                alone = one_client(server.url, paths[:ALONE], cookies[page.role])
                over_http[place] = (
                    alone,
                    many_clients(server.url, page.paths, cookies[page.role], asked.seconds),
                )
    print(
        f"{'page':22} {'visitor':10} {'queries':>7} {'processor':>9} {'size':>6}  {'one client':>16}  30 clients"
    )
    for page, (queries, cpu, size), times in zip(wanted, costs, over_http, strict=True):
        one, many = times or ("", "")
        print(
            f"{page.name:22} {page.role:10} {queries:7} {cpu:6.1f} ms {size / 1000:3.0f} KB  {one!s:>16}  {many}",
            flush=True,
        )


if __name__ == "__main__":
    main()
