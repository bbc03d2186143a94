"""Real calendar programs read the feed and show exactly the days that the page shows, for a year."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from icalendar import Calendar
from sqlalchemy import delete

from libhub.base.db import db, writing
from libhub.testing import LiveServer, make_app, release, serving
from plugins.events import rules
from plugins.events.exchange import importing
from plugins.events.exchange.importing import Defaults
from plugins.events.models import Event, Period
from plugins.events.rules import EventData
from plugins.events.schedule import school_year, series
from plugins.events.schedule.school_year import PeriodData

ZONE = ZoneInfo("Asia/Novosibirsk")
START, DAYS = date(2026, 9, 1), 365
FOREIGN = Path(__file__).with_name("foreign.ics")
Shown = set[tuple[str, str]]


def fill() -> None:
    """Make one of everything that a rule can be, with changed, moved, cancelled and left out days, and an import."""
    with writing():
        db.session.execute(delete(Event))
        db.session.execute(delete(Period))
    school_year.save(PeriodData("year", "Год", date(2026, 9, 1), date(2027, 5, 31)))
    school_year.save(PeriodData("holidays", "Каникулы", date(2026, 12, 31), date(2027, 1, 10)))

    def add(title: str, when: datetime, **more: object) -> int:
        values = {"starts": when, "ends": when + timedelta(hours=1), "zone": str(ZONE), **more}
        return rules.create(EventData(title=title, age=0, **values)).event_id  # type: ignore[arg-type]

    add("Один раз", datetime(2026, 12, 1, 15))
    weekly = add("Каждую неделю", datetime(2026, 9, 1, 15), rule="FREQ=WEEKLY;BYDAY=TU", skip_holidays=True)
    add(
        "Через день",
        datetime(2026, 10, 1, 9),
        rule="FREQ=DAILY;INTERVAL=2;COUNT=20",
        excluded=("2026-10-05T09:00",),
    )
    add(
        "Третий четверг",
        datetime(2026, 9, 17, 12),
        rule="FREQ=MONTHLY;BYDAY=3TH;UNTIL=20270520",
        added=("2026-11-21T12:00",),
    )
    add("Без конца", datetime(2026, 9, 4, 18, 30), rule="FREQ=WEEKLY;BYDAY=FR,SA")
    whole = {"all_day": True}
    add("Выставка", datetime(2026, 11, 9), ends=datetime(2026, 11, 21), **whole)
    add(
        "Каждый первый день",
        datetime(2026, 9, 1),
        ends=datetime(2026, 9, 2),
        rule="FREQ=MONTHLY;BYMONTHDAY=1",
        **whole,
    )
    berlin = add(
        "По Берлину",
        datetime(2026, 9, 2, 10),
        zone="Europe/Berlin",
        rule="FREQ=WEEKLY;BYDAY=WE;UNTIL=20270401",
    )
    add("Черновик", datetime(2026, 12, 2, 15), state="draft")
    add("Для сотрудников", datetime(2026, 12, 2, 15), visibility="staff")

    def change(number: int, key: str, **changes: object) -> None:
        found = series.find(number, key)
        assert found is not None
        data = series.data_of_occurrence(found)
        series.save(number, key, series.THIS, replace(data, **changes))  # type: ignore[arg-type]

    change(
        weekly,
        "2026-10-06T15:00",
        starts=datetime(2026, 10, 7, 10),
        ends=datetime(2026, 10, 7, 11),
        state="moved",
    )
    change(weekly, "2026-10-13T15:00", title="Каждую неделю, с гостем")
    change(berlin, "2026-11-04T10:00", visibility="staff")
    series.leave_out(weekly, "2026-11-03T15:00")
    series.cancel(weekly, "2026-11-10T15:00", series.THIS)
    report = importing.import_calendar(FOREIGN.read_bytes(), Defaults(age=0), dry_run=False)
    assert report.added == 4, report


@pytest.fixture(scope="module")
def server(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A running hub with such a calendar."""
    instance = tmp_path_factory.mktemp("clients") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = make_app(instance)
    with app.test_request_context():
        fill()
    release(app)
    with serving(instance) as running:
        yield running


def get(url: str) -> str:
    with urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


@pytest.fixture(scope="module")
def shown(server: LiveServer) -> Shown:
    """What the pages of the year show: the beginning of each occurrence and its title."""
    found: dict[tuple[str, str], str] = {}
    day = START
    while day < START + timedelta(DAYS):
        page = get(f"{server.url}/events/agenda?date={day}")
        for section in page.split('<section class="agenda-day')[1:]:
            match = re.search(r"date=(\d{4}-\d\d-\d\d)", section)
            assert match
            for line in re.findall(r'<li class="event .*?</li>', section, re.S):
                title = re.search(r'<a href="/events/\d+\?on=([^"]*)">([^<]*)</a>', line)
                assert title
                moment = re.search(r'<time datetime="([^"]*)"', line)
                begins = moment[1][:16] if moment else match[1]
                key = (title[1], title[2])
                found[key] = min(found.get(key, begins), begins)
        day += timedelta(30)
    inside = {(begins, title) for (_key, title), begins in found.items()}
    return {(begins, title) for begins, title in inside if begins[:10] < str(START + timedelta(DAYS))}


def test_the_page_shows_what_was_entered(shown: Shown) -> None:
    dates = {title: sorted(begins for begins, name in shown if name == title) for _begins, title in shown}
    assert dates["Один раз"] == ["2026-12-01T15:00"]
    assert len(dates["Через день"]) == 19
    assert "2026-10-07T10:00" in dates["Каждую неделю"], "the moved one"
    assert not [day for day in dates["Каждую неделю"] if "2026-12-31" <= day[:10] <= "2027-01-10"], "holidays"
    assert dates["Каждую неделю, с гостем"] == ["2026-10-13T15:00"]
    assert dates["Без конца"][-1][:10] <= "2027-05-31", "bounded by the school year"
    assert dates["По Берлину"][0] == "2026-09-02T15:00", "summer time in Berlin: five hours' difference"
    assert dates["По Берлину"][-1] == "2027-03-31T15:00"
    assert "2026-12-02T16:00" in dates["По Берлину"], "winter time in Berlin: six hours' difference"
    assert "2026-11-04T16:00" not in dates["По Берлину"], "made for staff only"
    assert not {"Черновик", "Для сотрудников"} & dates.keys()
    assert len(dates["Standup"]) > 20, "the calendar of another program"


def test_icalendar_and_recurring_ical_events_agree_with_the_page(server: LiveServer, shown: Shown) -> None:
    calendar = Calendar.from_ical(get(f"{server.url}/events/feeds/all.ics"))
    events = recurring_ical_events.of(calendar).between(START, START + timedelta(DAYS))
    theirs = {(plain(event["dtstart"].dt), str(event["summary"])) for event in events}
    assert theirs == shown


def plain(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    return moment.isoformat()


def test_vdirsyncer_and_khal_agree_with_the_page(server: LiveServer, shown: Shown, tmp_path: Path) -> None:
    vdir = tmp_path / "calendar"
    sync(server.url, tmp_path, vdir)
    assert list(vdir.glob("*.ics"))
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[hub]]\npath = {vdir}\n"
        f"[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\nlocal_timezone = Asia/Novosibirsk\ndefault_timezone = Asia/Novosibirsk\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "[default]\ndefault_calendar = hub\n",
        encoding="utf-8",
    )
    listed = run(
        "khal", "-c", str(config), "list", "--day-format", "", "--format",
        "{start-date}|{start-time}|{title}", str(START), f"{DAYS}d", home=tmp_path,
    )  # fmt: skip
    theirs = set()
    for line in filter(None, listed.splitlines()):
        day, hour, title = line.split("|", 2)
        theirs.add((f"{day}T{hour}" if hour else day, title))
    begun_before = {(begins, title) for begins, title in theirs if begins[:10] < str(START)}
    assert theirs - begun_before == shown


def test_vdirsyncer_notices_nothing_where_nothing_changed(server: LiveServer, tmp_path: Path) -> None:
    vdir = tmp_path / "calendar"
    sync(server.url, tmp_path, vdir)
    before = {path.name: path.read_bytes() for path in vdir.glob("*.ics")}
    again = sync(server.url, tmp_path, vdir)
    assert {path.name: path.read_bytes() for path in vdir.glob("*.ics")} == before
    assert "Copying" not in again


def sync(url: str, folder: Path, vdir: Path) -> str:
    config = folder / "vdirsyncer.conf"
    config.write_text(
        f'[general]\nstatus_path = "{folder / "status"}"\n'
        '[pair hub]\na = "site"\nb = "disk"\ncollections = null\nconflict_resolution = "a wins"\n'
        f'[storage site]\ntype = "http"\nurl = "{url}/events/feeds/all.ics"\n'
        f'[storage disk]\ntype = "filesystem"\npath = "{vdir}"\nfileext = ".ics"\n',
        encoding="utf-8",
    )
    vdir.mkdir(exist_ok=True)
    run("vdirsyncer", "-c", str(config), "discover", home=folder, stdin="y\n" * 4)
    return run("vdirsyncer", "-c", str(config), "sync", home=folder)


def run(program: str, *arguments: str, home: Path, stdin: str = "") -> str:
    """Run a client that is installed beside Python; it must end well."""
    path = Path(sys.executable).with_name(program)
    assert path.exists(), f"{path} is missing: it comes with the checks"
    done = subprocess.run(
        [str(path), *arguments],
        env={
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TERM": "dumb",
            "PATH": "/usr/bin:/bin",
        },
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_every_worker_gives_the_same_bytes(server: LiveServer) -> None:
    assert len({get(f"{server.url}/events/feeds/all.ics") for _time in range(16)}) == 1


def test_a_program_that_has_the_feed_is_told_that_nothing_changed(server: LiveServer) -> None:
    url = f"{server.url}/events/feeds/all.ics"
    with urlopen(url, timeout=20) as answer:
        etag = answer.headers["ETag"]
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    with pytest.raises(OSError, match="304"):
        urlopen(Request(url, headers={"If-None-Match": etag}), timeout=20)
