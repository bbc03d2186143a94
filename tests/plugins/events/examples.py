"""What fills the addresses of the calendar."""

from collections.abc import Mapping
from datetime import date, time

from libhub.accounts.permissions import ADMINISTRATOR, GUEST, LIBRARIAN, STUDENT, TEACHER
from libhub.api import attach, db, today
from libhub.web.visitor import viewer_for
from plugins.events import memorable_dates, rooms, rules
from plugins.events.exchange import secret_links
from plugins.events.memorable_dates import DateData
from plugins.events.models import Event, MemorableDate
from plugins.events.people import registration
from plugins.events.schedule import categories, school_year, series
from plugins.events.schedule.school_year import PeriodData
from plugins.events.schedule.wall_clock import DAY
from tests.plugins.crafts.factory import photo
from tests.plugins.events import factory
from tests.walking import Values

NO_PAGES = {
    "events.event_ics": "a calendar file",
    "events.feed_all": "a calendar file",
    "events.feed_category": "a calendar file",
    "events.feed_person": "a calendar file",
    "events.new_link": "what was made just now, shown to whoever made it",
    "events.people_xlsx": "a workbook",
}
SEEN_AS = {
    "events.display": GUEST,
    "events.feed_all": GUEST,
    "events.feed_category": GUEST,
    "events.feed_person": STUDENT,
}
SHOWN_TO_OTHERS = {"events.feed_person": "whoever knows the secret address is taken for whom it was made for"}
PATHS = ()


def make(people: Mapping[str, int]) -> Values:
    """Make events with few places and many, one that repeats, a draft, bookings, dates and parts of the year."""
    room = rooms.save_place("Читальный зал с компьютерами", 20)
    circle = categories.save("Театральная студия «Достопримечательность»", "teal", "circle")
    open_one = rules.create(
        factory.event(
            "Вечер высокохудожественной самодеятельности",
            category_id=circle,
            place_id=room,
            description="Читаем **сказки** и показываем тени.\nПриходите с родителями.",
            organiser="Библиотека",
            registration=True,
            places=1,
            host_id=people[TEACHER],
        )
    )
    weekly = rules.create(factory.event("Кружок", days=2, hour=16, rule="FREQ=WEEKLY;COUNT=4"))
    draft = rules.create(factory.event("Черновик встречи", state="draft"))
    put_away = rules.create(factory.event("Отменённая встреча с достопримечательностями", days=4))
    series.set_archived([put_away.event_id], archived=True)
    attach(Event.ref_of(open_one.event_id), "афиша.jpg", photo(), place=rules.COVER)
    key = factory.event().starts.isoformat(timespec="minutes")
    for role in (STUDENT, TEACHER, LIBRARIAN, ADMINISTRATOR):
        person = viewer_for(people[role])
        assert person is not None
        registration.sign_up(person, open_one.event_id, key)
        if role == TEACHER:
            rooms.book(person, room, today() + DAY, time(9), time(10), "Урок литературы")
    memorable_dates.save(DateData("birthday", "Константин Паустовский", today().day, today().month, 1892))
    school_year.save(PeriodData("holidays", "Осенние каникулы", today(), today() + DAY * 3))
    token = secret_links.make_link(people[STUDENT])
    some = [{"series_id": made.event_id} for made in (open_one, weekly, draft)]
    another_day = {"date": date(2026, 12, 31)}
    return {
        "events.date_deleted": [
            {"kind": "birthday", "title": "Константин Паустовский", "day": 31, "month": 5, "year": 1892}
        ],
        "events.add": [{}, {"copy": open_one.event_id}],
        "events.agenda_page": [{}, {"for": "parents"}, {"grade": 11, "for": "pupils"}],
        "events.dates_page": [{}, another_day],
        "events.display": [{}, {"slide": 1}],
        "events.edit": some,
        "events.edit_date": [{"date_id": db.session.scalar(db.select(MemorableDate.id))}],
        "events.event_ics": some[:1],
        "events.feed_category": [{"category_id": circle}],
        "events.feed_person": [{"token": token, "which": "all"}],
        "events.index": [{}, another_day],
        "events.manage": [{}, {"state": "draft"}, {"state": "archived"}, {"q": "абракадабра"}],
        "events.people": [*some, {**some[0], "find": "Вера"}],
        "events.people_xlsx": some[:1],
        "events.poster": some[:1],
        "events.print_month": [{}, another_day],
        "events.rooms": [{}, {"date": today() + DAY}],
        "events.show": some,
        "events.today_page": [{}, another_day],
        "events.week": [{}, another_day],
    }
