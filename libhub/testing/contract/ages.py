"""Nobody learns of what they are too young for, nor of what nobody gave an age mark: every address is opened with every mark.

A thing is seen by whoever saw it at 0+, and only while the mark was chosen and is no higher than the limit; staff see what has
none, too. So whatever new way out a section gets is held against it as soon as its examples fill the address.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, update

from libhub.accounts.permissions import AGE_MARKS, GUEST, PARENT, STUDENT, TEACHER
from libhub.accounts.viewer import Viewer
from libhub.base.db import Base, db, writing
from libhub.base.mapping import every_mapper
from libhub.kit.published import Published
from libhub.plugging.settings import change_settings
from libhub.search.store.outbox import touch
from libhub.testing.fixtures import index_now, make_app, release
from libhub.testing.visitors import sign_in, viewer_with
from libhub.testing.walking import KIOSK, PEOPLE, Address, Examples, Seen, browser_of

WORD: Final = "тайник"
_TITLE: Final = re.compile(rf"{WORD} \w+ \d+", re.IGNORECASE)
_MARKED: Final = re.compile(r"</?mark>|\r?\n ")
"""What stands inside a title where a word was found, and where a calendar goes on in the next line."""
SEARCHES: Final = (
    f"/search?q={WORD}&limit=100",
    f"/search.json?q={WORD}&limit=100",
    f"/search/suggest?q={WORD}",
)
GUEST_AGE: Final = 12
KIOSK_AGE: Final = 6
VIEWERS: Final = (
    *((STUDENT, limit) for limit in AGE_MARKS),
    (GUEST, 12),
    (KIOSK, 6),
    (PARENT, 18),
    (TEACHER, 18),
)
"""Roles and their limits; a guest's are those of the settings."""
Things = Sequence[type[Any]]


def kinds(app: Flask) -> Things:
    """Return the models of what readers find."""
    with app.app_context():
        here = inspect(db.engine).get_table_names()
        return [
            mapper.class_
            for mapper in every_mapper(Base.registry)
            if issubclass(mapper.class_, Published) and getattr(mapper.local_table, "name", "") in here
        ]


def takes_none(model: type[Any]) -> bool:
    """Say whether the table has room for things without a mark: those that were made before there were such have none."""
    columns = {each["name"]: each for each in inspect(db.engine).get_columns(model.__tablename__)}
    return bool(columns["age"]["nullable"])


def marked(app: Flask, models: Things, age: int | None) -> None:
    """Give every thing this mark."""
    with app.app_context():
        for model in models:
            own = "age" in model.__table__.columns
            with writing():
                if own and (age is not None or takes_none(model)):
                    db.session.execute(update(model).values(age=age))
                touch(map(model.ref_of, db.session.scalars(select(model.id))))
    index_now(app)


@pytest.fixture(scope="module")
def hub(
    house: Flask, furnished: tuple[list[Address], Seen], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A hub with the things of the examples, each with a title by which it is known wherever it stands."""
    release(house)
    app = make_app(Path(shutil.copytree(house.instance_path, tmp_path_factory.mktemp("ages") / "instance")))
    with app.app_context():
        change_settings("core", {"guest_age": str(GUEST_AGE), "kiosk_guest_age": str(KIOSK_AGE)})
    for model in kinds(app):
        with app.app_context(), writing():
            for number in db.session.scalars(select(model.id)).all():
                title = f"{WORD.title()} {model.__tablename__} {number}"
                db.session.execute(update(model).where(model.id == number).values(title=title))
    yield app
    release(app)


def titles(browser: FlaskClient, path: str) -> tuple[int, frozenset[str]]:
    """Return the status of an answer, and the things of which it tells."""
    with browser.get(path) as answer:
        text = _MARKED.sub("", answer.data.decode(errors="replace"))
        told = _TITLE.findall(text + str(answer.headers.get("Location", "")))
        return answer.status_code, frozenset(each.lower() for each in told)


def test_a_thing_is_seen_by_whoever_is_old_enough_and_by_no_one_before_it_has_a_mark(
    hub: Flask, furnished: tuple[list[Address], Seen], examples: Mapping[str, Examples]
) -> None:
    models, eyes = kinds(hub), eyes_of(hub, furnished[0], examples)
    paths = [*dict.fromkeys(address.path for address in furnished[0]), "/", *SEARCHES]
    browsers = {
        (role, limit): browser_of(hub, role)
        if role in (GUEST, KIOSK)
        else sign_in(hub, role, age_limit=limit)
        for role, limit in VIEWERS
    }
    marked(hub, models, 0)
    told: dict[str, Mapping[str, tuple[int, frozenset[str]]]] = {}
    for (role, _limit), browser in browsers.items():
        if role not in told:
            every = {path: titles(browser, path) for path in paths}
            told[role] = {path: each for path, each in every.items() if each[1] or is_file(path, each[0])}
    assert any(each[1] for each in told[TEACHER].values()), "there is nothing to be seen"
    with hub.app_context():
        unmarked = any(takes_none(model) for model in models if "age" in model.__table__.columns)
    wrong = []
    for age in (None, *AGE_MARKS) if unmarked else AGE_MARKS:
        marked(hub, models, age)
        for (role, limit), browser in browsers.items():
            own = Viewer(role=role, age_limit=limit)
            for path, (status, expected) in told[role].items():
                sees = (eyes[path](own) if path in eyes else own).old_enough(age)
                now, found = titles(browser, path)
                if found != (expected if sees else frozenset()) or (
                    is_file(path, status) and (now == status) != sees
                ):
                    wrong.append(f"{role} {limit}, mark {age}: {path}: {now}, {sorted(found ^ expected)}")
    assert not wrong, "\n".join(wrong)


def eyes_of(
    app: Flask, addresses: Sequence[Address], examples: Mapping[str, Examples]
) -> dict[str, Callable[[Viewer], Viewer]]:
    """Return by path through whose eyes things are seen there, where it is not the visitor's; see :class:`Examples`."""
    named = {
        endpoint: role
        for each in examples.values()
        for endpoint, role in getattr(each, "SEEN_AS", {}).items()
    }
    eyes: dict[str, Callable[[Viewer], Viewer]] = {}
    for address in addresses:
        role = named.get(address.rule.endpoint) if address.rule else None
        if role == GUEST:
            eyes[address.path] = lambda viewer: Viewer(age_limit=min(viewer.age_limit, GUEST_AGE))
        elif role is not None:
            owner = viewer_with(app, PEOPLE[role][0])
            eyes[address.path] = lambda _viewer, owner=owner: owner  # type: ignore[misc]
    return eyes


def is_file(path: str, status: int) -> bool:
    """Say whether a file was given out."""
    return path.startswith("/files/") and status == 200
