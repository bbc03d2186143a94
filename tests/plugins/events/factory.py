"""Things of the calendar for the contract suite."""

from datetime import datetime, time, timedelta

from libhub.accounts import accounts, classes
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import STUDENT
from libhub.api import Viewer, parse_class, school_zone, today, writing
from libhub.testing import PASSWORD
from libhub.web.visitor import viewer_for
from plugins.events import memorable_dates, rooms, rules
from plugins.events.exchange import secret_links
from plugins.events.memorable_dates import DateData
from plugins.events.people import registration
from plugins.events.rules import EventData
from plugins.events.schedule import categories, school_year
from plugins.events.schedule.school_year import PeriodData
from plugins.events.schedule.wall_clock import DAY

PERSONAL_WORDS = ("репетицияфагота",)
"""What :func:`make_personal_data` lets the person write."""


def event(title: str = "Встреча", *, days: int = 1, hour: int = 15, **more: object) -> EventData:
    """Return an event of an hour, some days from today."""
    starts = datetime.combine(today() + DAY * days, time(hour))
    values = {
        "age": 0,
        "starts": starts,
        "ends": starts + timedelta(hours=1),
        "zone": str(school_zone()),
        **more,
    }
    return EventData(title=title, **values)  # type: ignore[arg-type]


def viewer_of(username: str) -> Viewer:
    """Return an account as the rules see it."""
    user = accounts.find_user(username)
    assert user is not None
    found = viewer_for(user.id)
    assert found is not None
    return found


def lead(teacher: str, school_class: str, *pupils: str) -> None:
    """Let somebody be the teacher of a class, and these be its pupils."""
    named = parse_class(school_class)
    assert named is not None
    with writing():
        found = classes.find_or_make(named)
        found.teacher_id = viewer_of(teacher).user_id
        for each in pupils:
            user = accounts.find_user(each)
            assert user is not None
            user.class_id = found.id


def make_items(number: int) -> None:
    """Make events that everybody may see, each with a category, a place, a rule and a date beside it."""
    for place in range(number):
        category = categories.save(f"Кружок {place}", "teal", "circle")
        room = rooms.save_place(f"Комната {place}", 20)
        rules.create(
            event(
                f"Событие номер {place}",
                category_id=category,
                place_id=room,
                description="Читаем сказки",
                registration=True,
                places=10,
                rule="FREQ=DAILY;COUNT=3",
            )
        )
        memorable_dates.save(
            DateData("birthday", f"Писатель {place}", today().day, today().month, 1900 + place)
        )
        school_year.save(PeriodData("quarter", f"Четверть {place}", today(), today() + DAY * 30))


def make_personal_data(user_id: int) -> None:
    """Make one row of everything that the calendar keeps of a person."""
    person = viewer_for(user_id)
    assert person is not None
    made = rules.create(event(f"Для {user_id}", registration=True))
    key = event().starts.isoformat(timespec="minutes")
    registration.sign_up(person, made.event_id, key)
    rules.create(event(f"Отвечает {user_id}", days=2, host_id=user_id))
    other = accounts.add_user(UserDetails(f"other-{user_id}", "Другой", STUDENT), PASSWORD)
    registration.sign_up(viewer_of(other.username), made.event_id, key, by=user_id)
    room = rooms.save_place(f"Комната для {user_id}", None)
    rooms.book(person, room, today() + DAY, time(9), time(10), PERSONAL_WORDS[0])
    secret_links.make_link(user_id)
