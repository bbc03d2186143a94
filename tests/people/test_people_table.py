"""The table of people: found, narrowed down, many changed at once, and back where one was."""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User
from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, PARENT, STUDENT
from libhub.base.db import db
from libhub.testing import PASSWORD, sign_in
from tests.people.school import by_hand, make_school, number_of

SEEN = re.compile(r'name="(seen-\d+)" value="(\w+)"')
TICKED = re.compile(r'name="id" value="(\d+)"')


@pytest.fixture
def school(app: Flask) -> dict[str, list[int]]:
    return make_school(app)


@pytest.fixture
def librarian(app: Flask, school: dict[str, list[int]]) -> FlaskClient:
    with app.app_context():
        for login, name, role, school_class in (
            ("ks", "Николаева Ксения Андреевна", STUDENT, "3А"),
            ("ks2", "Николаева Алёна", STUDENT, "8А"),
            ("mama", "Николаева Ольга", PARENT, ""),
        ):
            accounts.add_user(UserDetails(login, name, role, school_class=school_class), PASSWORD)
    assert school
    return sign_in(app, LIBRARIAN)


def names(browser: FlaskClient, query: str) -> list[str]:
    return re.findall(r'scope="row"><a [^>]*>([^<]+)<', browser.get(f"/admin/users/?{query}").text)


def do(browser: FlaskClient, change: str, numbers: list[int], place: str = "") -> str:
    """Tick, look at what would change, and say yes; return where that leads."""
    ticked = "&".join(f"id={number}" for number in numbers)
    shown = browser.get(f"/admin/users/manage/preview?change={change}&{ticked}&{place}")
    assert shown.status_code == 200, shown.location
    data = {
        name: value
        for name, value in re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', shown.text)
        if name != "id"
    }
    answer = browser.post("/admin/users/manage/apply", data={**data, "id": TICKED.findall(shown.text)})
    return str(answer.location)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Ксения Николаева", ["Николаева Ксения Андреевна"]),
        ("Николаева Ксения", ["Николаева Ксения Андреевна"]),
        ("НИКОЛАЕВА   ксения", ["Николаева Ксения Андреевна"]),
        ("Никoлaeва Kceния", ["Николаева Ксения Андреевна"]),  # some letters are Latin
        ("алена николаева", ["Николаева Алёна"]),
        ("николаева 3а", ["Николаева Ксения Андреевна"]),
        ("3A николаева", ["Николаева Ксения Андреевна"]),
        ("KS2", ["Николаева Алёна"]),
        ("николаева", ["Николаева Алёна", "Николаева Ксения Андреевна", "Николаева Ольга"]),
        ("Николаева Пётр", []),
        ("%", []),
    ],
)
def test_people_are_found_by_words_in_any_order(librarian: FlaskClient, typed: str, found: list[str]) -> None:
    assert names(librarian, f"q={typed.replace('%', '%25')}") == found


def test_the_table_is_narrowed_down_by_class_role_state_and_last_visit(
    app: Flask, librarian: FlaskClient, school: dict[str, list[int]]
) -> None:
    one, two, three = school["3А"]
    by_hand(app, one, last_visit_on=date(2026, 9, 1))
    by_hand(app, two, last_visit_on=date(2026, 10, 1))
    by_hand(app, three, active=False)
    of_class = f"class={number_of(app, '3А')}"
    first, second, third, xenia = "Ученик 3А 0", "Ученик 3А 1", "Ученик 3А 2", "Николаева Ксения Андреевна"
    assert names(librarian, of_class) == [xenia, first, second, third]
    assert names(librarian, f"{of_class}&state=open") == [xenia, first, second]
    assert names(librarian, f"{of_class}&state=closed") == [third]
    assert names(librarian, f"{of_class}&state=never") == [xenia]
    assert names(librarian, f"{of_class}&since=2026-10-01&state=open") == [xenia, first]
    assert names(librarian, f"{of_class}&since=nonsense") == [xenia, first, second, third]
    assert names(librarian, "role=parent") == ["Николаева Ольга"]
    assert "Николаева Ольга" in names(librarian, "class=none&q=николаева")
    assert xenia not in names(librarian, "class=none&q=николаева")


def test_save_comes_back_to_the_table_as_it_was(app: Flask, librarian: FlaskClient) -> None:
    place = f"/admin/users/?q=николаева&class={number_of(app, '3А')}"
    link = re.search(r'scope="row"><a href="([^"]+)"', librarian.get(place).text)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    form = librarian.get(address).text
    typed = {
        "name": "Николаева Ксения", "username": "ks", "role": STUDENT, "age_limit": "", "school_class": "3А",
        "class_group": "2", "birth_date": "2017-05-09", "school_number": "77", "active": "y",
    }  # fmt: skip
    saved = librarian.post(address, data=typed)
    assert names(librarian, saved.location.partition("?")[2]) == ["Николаева Ксения"]
    assert unquote(saved.location) in form.replace("&amp;", "&")  # and so does "Cancel"
    with app.app_context():
        user = accounts.find_user("ks")
        assert user is not None
        assert (user.class_group, user.birth_date, user.school_number) == ("2", date(2017, 5, 9), "77")
    for elsewhere in ("https://example.org/", "//example.org/", "/\\example.org"):
        assert librarian.post(f"{address.partition('?')[0]}?back={elsewhere}", data=typed).location == "/"


def test_many_are_put_into_a_class_and_back_where_one_was(
    app: Flask, librarian: FlaskClient, school: dict[str, list[int]]
) -> None:
    to = number_of(app, "8А")
    place = f"q=ученик&class={number_of(app, '3А')}"
    back = do(librarian, f"class={to}", school["3А"][:2], place)
    assert "class=" in back
    assert names(librarian, back.partition("?")[2]) == ["Ученик 3А 2"]
    with app.app_context():
        moved = [db.session.get_one(User, number) for number in school["3А"]]
        assert [user.class_id == to for user in moved] == [True, True, False]
        assert [user.class_group for user in moved] == ["", "", ""]
    do(librarian, "class=none", school["3А"][:1])
    assert "Ученик 3А 0" in names(librarian, "class=none&q=ученик")


def test_all_on_the_page_are_ticked_by_one_box(
    app: Flask, librarian: FlaskClient, school: dict[str, list[int]]
) -> None:
    listed = "&".join(f"listed={number}" for number in school["2А"])
    shown = librarian.get(f"/admin/users/manage/preview?change=close&every=1&{listed}").text
    assert sorted(map(int, TICKED.findall(shown))) == sorted(school["2А"])


def test_closed_ones_are_signed_out_and_opened_again(app: Flask, librarian: FlaskClient) -> None:
    browser = sign_in(app, STUDENT, username="ks")
    with app.app_context():
        number = accounts.find_user("ks").id  # type: ignore[union-attr]
    do(librarian, "close", [number])
    assert "Николаева Ксения" not in browser.get("/").text
    assert names(librarian, "state=closed&q=ксения")
    do(librarian, "open", [number])
    assert not names(librarian, "state=closed&q=ксения")
    do(librarian, "limit=6", [number])
    with app.app_context():
        assert db.session.get_one(User, number).age_limit == 6
    do(librarian, "limit=usual", [number])
    with app.app_context():
        assert db.session.get_one(User, number).age_limit is None


def test_who_was_changed_since_is_shown_once_more(
    app: Flask, librarian: FlaskClient, school: dict[str, list[int]]
) -> None:
    number, other = school["2А"][:2]
    shown = librarian.get(f"/admin/users/manage/preview?change=close&id={number}&id={other}").text
    by_hand(app, other, name="Новая Фамилия")
    data = {"change": "close", "id": [str(number), str(other)], **dict(SEEN.findall(shown))}
    answer = librarian.post("/admin/users/manage/apply", data=data)
    assert f"id={other}" in answer.location
    with app.app_context():
        assert [db.session.get_one(User, each).active for each in (number, other)] == [False, True]


def test_many_are_erased_at_once(app: Flask, librarian: FlaskClient, school: dict[str, list[int]]) -> None:
    sign_in(app, ADMINISTRATOR)
    do(librarian, "erase", school["1А"])
    with app.app_context():
        assert [db.session.get(User, number) for number in school["1А"]] == [None] * 3
    assert not names(librarian, f"class={number_of(app, '1А')}")


def test_nobody_changes_administrators_or_oneself_in_passing(app: Flask, librarian: FlaskClient) -> None:
    sign_in(app, ADMINISTRATOR)
    with app.app_context():
        root, me = accounts.find_user("administrator-None"), accounts.find_user("librarian-None")
        assert root is not None
        assert me is not None
        numbers = [root.id, me.id]
    for change in ("close", "erase", "class=none", "limit=6"):
        for number in numbers:
            shown = librarian.get(f"/admin/users/manage/preview?change={change}&id={number}")
            assert shown.status_code == 302
            mark = {"change": change, "id": str(number), f"seen-{number}": "x"}
            librarian.post("/admin/users/manage/apply", data=mark)
    with app.app_context():
        for number in numbers:
            user = db.session.get_one(User, number)
            assert user.active
            assert user.age_limit is None


def test_the_table_is_the_librarian_s(app: Flask, as_viewer: Callable[..., FlaskClient]) -> None:
    for role in (STUDENT, PARENT, "teacher"):
        browser = as_viewer(role)
        for address in ("", "manage/preview?change=close&id=1"):
            assert browser.get(f"/admin/users/{address}").status_code == 403
        assert (
            browser.post("/admin/users/manage/apply", data={"change": "erase", "id": "1"}).status_code == 403
        )
    with app.app_context():
        assert db.session.get(User, 1) is not None
