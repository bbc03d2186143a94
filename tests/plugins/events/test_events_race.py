"""Many people at the same moment, through two worker processes: no place is given twice, no room either."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from types import ModuleType
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from libhub.accounts.models import User, UserSession
from libhub.accounts.permissions import STUDENT, TEACHER
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.notices.models import Notice
from libhub.testing import LiveServer, make_app, release, serving
from plugins.events import rooms, rules
from plugins.events.models import Booking, Registration
from plugins.events.people import attendance

PEOPLE, PLACES = 60, 25


@pytest.fixture(scope="module")
def hub(
    prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LiveServer, Flask]]:
    """A running hub with two workers, and an application on the same instance to look from."""
    instance = tmp_path_factory.mktemp("race") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = make_app(instance)
    with serving(instance, workers=2) as server:
        yield server, app
    release(app)


def people(app: Flask, number: int, role: str) -> list[dict[str, str]]:
    """Add accounts that are signed in; return what their browsers send."""
    csrf = "0" * 40
    secret = app.config["SECRET_KEY"]
    token = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(csrf)
    made = []
    with app.app_context(), writing():
        for place in range(number):
            name = f"{role}{place:02}"
            user = User(username=name, name=name, role=role, password_hash="-")
            db.session.add(user)
            db.session.flush()
            session = UserSession(
                token_hash=hashlib.sha256(name.encode()).hexdigest(),
                user_id=user.id,
                expires_at=now() + timedelta(hours=1),
            )
            db.session.add(session)
            signer = app.session_interface.get_signing_serializer(app)
            cookie = signer.dumps({"_user_id": name, "_fresh": True, "csrf_token": csrf})
            made.append({"cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}", "csrf_token": token})
    return made


def post(url: str, path: str, person: dict[str, str], **fields: str) -> int:
    """Send a form over a connection of its own, so that any worker may answer."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    body = urlencode({"csrf_token": person["csrf_token"], **fields})
    headers = {
        "Cookie": person["cookie"],
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": url,
    }
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_sixty_at_once_for_twenty_five_places(hub: tuple[LiveServer, Flask], factory: ModuleType) -> None:
    server, app = hub
    browsers = people(app, PEOPLE, STUDENT)
    with app.app_context():
        data = factory.event("Встреча", days=3, registration=True, places=PLACES)
        number = rules.create(data).event_id
    key = data.starts.isoformat(timespec="minutes")
    path = f"/events/{number}/sign-up"
    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = list(pool.map(lambda person: post(server.url, path, person, on=key), browsers))
    assert Counter(answers) == {302: PEOPLE}

    def standing() -> tuple[list[int], list[int]]:
        with app.app_context():
            rows = db.session.scalars(
                select(Registration).where(Registration.series_id == number).order_by(Registration.id)
            ).all()
            taken = [row.user_id for row in rows if not row.waiting]
            return taken, [row.user_id for row in rows if row.waiting]

    taken, waiting = standing()
    assert len(taken) == len(set(taken)) == PLACES
    assert len(set(taken) | set(waiting)) == PEOPLE
    with app.app_context():
        lines = [line.waiting for line in attendance.people(number, key)]
    assert lines == [False] * PLACES + [True] * (PEOPLE - PLACES), (
        "who came first has a place, the others wait in order"
    )

    # Ten give their places back at once: the first ten of the queue move up, in its order, and are told.
    with app.app_context():
        leaving = {
            row.user_id: row.id
            for row in db.session.scalars(
                select(Registration).where(
                    Registration.series_id == number, Registration.user_id.in_(taken[:10])
                )
            )
        }
        names = dict(db.session.execute(select(User.id, User.username)).all())
    by_name = {names[user_id]: number for user_id, number in leaving.items()}
    chosen = [
        (person, by_name[f"{STUDENT}{place:02}"])
        for place, person in enumerate(browsers)
        if f"{STUDENT}{place:02}" in by_name
    ]
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda pair: post(server.url, f"/events/withdraw/{pair[1]}", pair[0]), chosen))
    assert Counter(done) == {302: 10}
    after, still = standing()
    assert len(after) == PLACES
    assert set(after) == set(taken[10:]) | set(waiting[:10])
    assert still == waiting[10:]
    with app.app_context():
        told = set(db.session.scalars(select(Notice.user_id)))
    assert told == set(waiting[:10])


def test_twenty_at_once_for_one_room(hub: tuple[LiveServer, Flask], factory: ModuleType) -> None:
    server, app = hub
    browsers = people(app, 20, TEACHER)
    with app.app_context():
        room = rooms.save_place("Комната для всех", None)
        day = factory.event(days=5).starts.date()
    fields = {"place": str(room), "starts": "09:00", "ends": "09:45", "title": "Урок"}
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(lambda person: post(server.url, f"/events/rooms?date={day}", person, **fields), browsers)
        )
    assert Counter(answers) == {302: 1, 422: 19}
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Booking.place_id == room)) == 1
