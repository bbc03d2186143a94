"""An instance as full as a large school's after years: filled once, kept under ``build/``, the same every time.

``python bench/full_instance.py [FOLDER]``: FOLDER is the one of ``bench/corpus.py``; without its texts, descriptions
are put together from words of the starter content.
"""

import random
import shutil
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from flask import Flask
from import_resources import KINDS, WORDS
from search_speed import SEED, documents

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import ACCOUNT_ROLES
from libhub.api import Actor, school_zone, today
from libhub.app import create_app
from libhub.base.audit import PROGRAM, acting_as
from libhub.base.db import db, writing
from libhub.config import Config
from libhub.installation import indexer, prepare
from libhub.kit.tables import Row, Table
from libhub.testing import PASSWORD, release
from plugins.crafts import rules as crafts
from plugins.crafts.models import Activity
from plugins.events import rooms
from plugins.events import rules as events
from plugins.events.rules import EventData
from plugins.events.schedule import categories
from plugins.resources.exchange.importing import import_table
from plugins.resources.models import Resource
from plugins.training.courses import lessons
from plugins.training.courses import rules as training
from plugins.training.courses.lessons import LessonData
from plugins.training.courses.rules import CourseData

RESOURCES, ACTIVITIES, EVENTS, COURSES, LESSONS = 50_000, 500, 5_000, 50, 6
PLACE = Path(__file__).parent.parent / "build" / "full-instance"
COMPLETE = "complete"
FORMAT = "1"
"""Another number makes everybody fill anew."""
_AUTHOR = Actor(None, "LibHub")


def full_instance(corpus: Path | None) -> Path:
    """Return the filled instance, made if there is none."""
    mark = PLACE / COMPLETE
    if not mark.exists() or mark.read_text(encoding="ascii") != FORMAT:
        shutil.rmtree(PLACE, ignore_errors=True)
        _fill(PLACE, corpus)
        mark.write_text(FORMAT, encoding="ascii")
    app = create_app(Config(instance=PLACE))
    prepare(app, lambda _done, _all: None)  # of a newer version than the one that filled it
    release(app)
    return PLACE


def _fill(instance: Path, corpus: Path | None) -> None:
    app = create_app(Config(instance=instance))
    prepare(app, lambda _done, _all: None)
    chance = random.Random(SEED)
    texts = _texts(corpus, chance)
    for name, work in (
        ("accounts", lambda: _accounts()),
        ("resources", lambda: _resources(texts, chance)),
        ("activities", lambda: _activities(chance)),
        ("events", lambda: _events(texts, chance)),
        ("courses", lambda: _courses(texts, chance)),
        ("index", lambda: indexer().rebuild(lambda _done, _all: None)),
    ):
        started = time.perf_counter()
        _in_context(app, work)
        print(f"{name}: {time.perf_counter() - started:.0f} s", flush=True)
    release(app)


def _in_context(app: Flask, work: object) -> None:
    assert callable(work)
    with app.app_context(), acting_as(PROGRAM):
        work()


def _texts(corpus: Path | None, chance: random.Random) -> list[tuple[str, str]]:
    if corpus is not None and (corpus / "paragraphs.jsonl").exists():
        return documents(corpus, RESOURCES)
    made = (chance.choices(WORDS, k=50) for _number in range(RESOURCES))
    return [(" ".join(words[:4]).capitalize(), " ".join(words)) for words in made]


def _accounts() -> None:
    """Make an account of every role, called as the role."""
    for role in ACCOUNT_ROLES:
        accounts.add_user(
            UserDetails(role, role.title(), role, None, "5А" if role == "student" else ""), PASSWORD
        )


def _resources(texts: list[tuple[str, str]], chance: random.Random) -> None:
    rows = [
        Row(
            number,
            {
                "title": f"{title[:250]} {number}",
                "url": f"https://site-{number % 997}.example/{number}",
                "summary": text[:150],
                "description": text,
                "kind": chance.choice(KINDS),
                "access": chance.choice(("free", "registration", "school")),
                "themes": (chance.choice(WORDS[:200]), chance.choice(WORDS[200:300])),
                "for_whom": ("pupils", chance.choice(("parents", "teachers"))),
                "age": chance.choice((0, 6, 12, 16)),
            },
            {},
        )
        for number, (title, text) in enumerate(texts, 2)
    ]
    import_table(Table(iter(rows), len(rows) + 1), pause=0.0)
    opened = [{"id": number, "opened": chance.randrange(1000)} for number in range(1, 2_000)]
    with writing():
        db.session.execute(db.update(Resource), opened)


def _activities(chance: random.Random) -> None:
    """Repeat the activities of the starter content, with their drawings, steps and materials."""
    known = list(db.session.scalars(db.select(Activity).where(Activity.present()).order_by(Activity.id)))
    data = [crafts.data_of(activity) for activity in known]
    for number, each in enumerate(islice(cycle(data), ACTIVITIES - len(known)), 1):
        minutes = chance.choice((10, 15, 20, 30, 45, 60))
        crafts.save(
            replace(
                each, title=f"{each.title} {number}", uid="", minutes=minutes, age=chance.choice((0, 6, 12))
            ),
            state="published",
        )


def _events(texts: list[tuple[str, str]], chance: random.Random) -> None:
    """Spread events over two years around today."""
    kinds = [category.id for category in categories.listing()]
    places = [rooms.save_place(f"Комната {place}", 20) for place in range(20)]
    first = today() - timedelta(days=365)
    for start in range(0, EVENTS, 500):
        with writing():
            for number in range(start, start + 500):
                day = first + timedelta(days=number % 730)
                starts = datetime(day.year, day.month, day.day, 9 + number // 730 % 9)
                title, text = texts[number]
                events.create(
                    EventData(
                        title=f"{title[:80]} {number}",
                        description=text,
                        starts=starts,
                        ends=starts + timedelta(minutes=45),
                        zone=str(school_zone()),
                        category_id=chance.choice(kinds),
                        place_id=chance.choice(places),
                        occupies=False,
                        age=chance.choice((0, 6, 12)),
                        registration=number % 5 == 0,
                        places=20,
                    )
                )


def _courses(texts: list[tuple[str, str]], chance: random.Random) -> None:
    for number in range(COURSES):
        title, text = chance.choice(texts)
        course_id = training.save_course(
            CourseData(title=f"{title[:100]} {number}", summary=text[:300], hours=chance.randint(2, 36))
        )
        training.set_published([course_id], published=True)
        section_id = training.get_course(course_id).sections[0].id
        for place in range(LESSONS):
            title, text = chance.choice(texts)
            lessons.add_lesson(
                section_id,
                LessonData(title=f"{title[:100]} {place}", text=f"## {title}\n\n{text}", minutes=10),
                _AUTHOR,
            )


if __name__ == "__main__":
    print(full_instance(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
