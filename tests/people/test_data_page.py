"""What is kept of a person: shown to be read and printed, given out as JSON, and that it was asked for is logged."""

import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts import accounts, relations
from libhub.accounts.permissions import LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.base.audit import AuditEntry
from libhub.base.db import Base, db
from libhub.people.personal_data import consents, kept
from libhub.people.personal_data.consents import NewConsent
from libhub.plugging import calls
from libhub.plugging.records import KeptData
from libhub.submissions import drafts
from libhub.testing import sign_in
from tests.people.test_erasing import SECTIONS, add, factory_of

Browser = Callable[..., FlaskClient]


def number_of(app: Flask, login: str) -> int:
    with app.app_context():
        user = accounts.find_user(login)
        assert user is not None
        return int(user.id)


@pytest.fixture
def masha(app: Flask) -> int:
    sign_in(app, STUDENT, username="masha")
    number = number_of(app, "masha")
    with app.app_context():
        for section in SECTIONS:
            factory_of(section).make_personal_data(number)
        drafts.keep("a" * 32, number, "/crafts/add", "/crafts/add", {"title": ["тайныйчерновик"]})
    return number


def test_every_kind_is_told_with_purpose_and_term(app: Flask, masha: int, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    text = librarian.get(f"/admin/users/{masha}/data").text
    assert text.count("Зачем: ") == text.count("Как долго: ") > 10
    for word in (
        "Избранное",
        "Записи на мероприятия",
        "Понравившиеся работы",
        "Начатые и назначенные курсы",
        "Марфуша",
    ):
        assert word in text
    assert "раздел этого не сообщает" not in text
    with app.app_context():
        for _section, told in calls.call_installed("personal_data", user_id=masha):
            for name, each in told.items():
                assert isinstance(each, KeptData), name
                assert each.purpose, name
                assert each.term, name
        for each in kept.kept_of(masha, masha):
            if each.name != "drafts":  # of which the fields of forms are the names
                unsaid = names_in(each.values) - set(each.data.called)
                assert not unsaid, f"{each.name}: a column has no name for people"


def names_in(values: object) -> set[str]:
    """Return the names of all values, those inside of others included."""
    if isinstance(values, dict):
        return set(values).union(*map(names_in, values.values()))
    return set().union(*map(names_in, values)) if isinstance(values, list | tuple) else set()


def test_json_has_readable_letters(app: Flask, masha: int, as_viewer: Browser) -> None:
    answer = as_viewer(LIBRARIAN).get(f"/admin/users/{masha}/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "подписькработе" in answer.get_data(as_text=True)
    assert "\\u04" not in answer.get_data(as_text=True)
    told = json.loads(answer.data)
    assert told["sections"]["crafts"]["works"][0]["signed"] == "Марфуша"
    assert told["about"]["crafts.works"]["purpose"]
    assert told["account"]["username"] == "masha"


def test_what_only_the_person_sees_is_counted_for_others(app: Flask, masha: int, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    own = as_viewer(STUDENT, username="masha")
    for secret in ("заметкадлясебя", "тайныйчерновик", "черновикурока"):
        assert secret in own.get("/me/data").text
        assert secret in own.get("/me/data.json").get_data(as_text=True)
        for address in (f"/admin/users/{masha}/data", f"/admin/users/{masha}/data.json"):
            assert secret not in librarian.get(address).get_data(as_text=True)
    assert "видит только сам человек" in librarian.get(f"/admin/users/{masha}/data").text
    assert librarian.get(f"/admin/users/{masha}/data.json").json["sections"]["training"]["notes"] == {
        "hidden": 1
    }


def test_asking_is_logged(app: Flask, masha: int, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN, username="lib")
    librarian.get(f"/admin/users/{masha}/data")
    librarian.get(f"/admin/users/{masha}/data.json")
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.action == "read")
        entries = [
            (each.actor_name, each.subject_type, each.subject_key) for each in db.session.scalars(query)
        ]
    assert entries == [("Librarian", "core_user", str(masha))] * 2
    admin = as_viewer("administrator")
    assert "посмотрено, что хранится" in admin.get("/admin/audit/?action=read").text
    assert "Librarian" in as_viewer(STUDENT, username="masha").get("/me/data").text


def test_a_parent_sees_the_data_of_an_own_child_alone(app: Flask, masha: int, as_viewer: Browser) -> None:
    with app.app_context():
        mother, father = add("mama", "Мама Первая", PARENT), add("papa", "Папа Второй", PARENT)
        other = add("petya", "Петя Чужой")
        for parent, child in ((mother, masha), (father, masha)):
            relations.use_code(parent, relations.new_codes([child])[child])
        consents.record(
            [masha], NewConsent("works", accounts.get_user(masha).created_at.date(), giver="Папа Второй")
        )
    browser = as_viewer(PARENT, username="mama")
    as_viewer(PARENT, username="papa").get(f"/me/children/{masha}/data")
    page = browser.get(f"/me/children/{masha}/data")
    assert page.status_code == 200
    assert "Марфуша" in page.text
    assert "Папа Второй" not in page.text, "of one parent another knows nothing"
    assert "Папа Второй" not in browser.get(f"/me/children/{masha}/data.json").get_data(as_text=True)
    assert "тайныйчерновик" not in page.text
    for address in (
        f"/me/children/{other}/data",
        f"/me/children/{other}/data.json",
        f"/me/children/{father}/data",
    ):
        assert browser.get(address).status_code == 404
    for role in (STUDENT, TEACHER, LIBRARIAN):
        assert as_viewer(role, username=f"x{role}").get(f"/me/children/{masha}/data").status_code == 404
    assert browser.get(f"/admin/users/{masha}/data").status_code == 403


def test_a_section_that_gives_plain_values_is_shown(app: Flask) -> None:
    from libhub.people.personal_data import kept

    told = kept._described("x", [1, 2])
    assert (told.label, told.values) == ("x", [1, 2])
    assert "не сообщает" in str(told.purpose) or "does not say" in str(told.purpose)


def test_what_is_counted_knows_nobody() -> None:
    """Tables of counts have no column for a person, and neither has what is kept of searches."""
    counts = {
        name: table for name, table in Base.metadata.tables.items() if name.endswith(("_count", "_opening"))
    }
    assert {"core_search_count", "crafts_count", "resources_opening"} <= set(counts)
    for name, table in counts.items():
        for column in table.columns:
            assert not column.foreign_keys or not any(
                key.target_fullname.startswith("core_user") for key in column.foreign_keys
            ), f"{name}.{column.name}"
            words = set(column.name.split("_"))
            assert not words & {
                "user",
                "person",
                "name",
                "address",
                "ip",
                "session",
                "browser",
                "token",
                "by",
            }
    assert set(Base.metadata.tables["core_search_count"].columns.keys()) == {
        "day",
        "text",
        "asked",
        "opened",
        "results",
    }


def test_no_name_and_no_login_gets_into_the_log_file(app: Flask, as_viewer: Browser) -> None:
    """Signing in, failing to, changing an account, searching, an error: the log of the hub tells of none who it was."""
    import logging

    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        masha = as_viewer(STUDENT, username="zukrakozyabrina")
        number = number_of(app, "zukrakozyabrina")
        guest = app.test_client()
        guest.post("/auth/sign-in", data={"username": "zukrakozyabrina", "password": "wrong"})
        masha.get("/search?q=сказки")
        boss = as_viewer("administrator")
        boss.get(f"/admin/users/{number}/data")
        boss.post(
            f"/admin/users/{number}",
            data={
                "name": "Зульфия Кракозябрина",
                "username": "zukrakozyabrina",
                "role": "student",
                "active": "y",
            },
        )
        boss.post(f"/admin/users/{number}/erase")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    said = heard.getvalue()
    assert "Кракозябрина" not in said
    assert "zukrakozyabrina" not in said
