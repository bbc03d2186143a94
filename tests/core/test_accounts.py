"""Accounts: signing in and out, passwords, the limit on guessing, and who may change whom."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.routing import AnyConverter, Rule
from werkzeug.routing.converters import NumberConverter

from libhub.accounts import accounts, limits, sessions, signing_in
from libhub.accounts.accounts import UserDetails
from libhub.accounts.limits import GUESSES
from libhub.accounts.models import LimitCount, User, UserSession
from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, STUDENT, TEACHER
from libhub.accounts.signing_in import UNKNOWN_NAMES
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.moments import now
from libhub.pages.sign_in import setup_token
from libhub.testing import PASSWORD, make_app, release, sign_in

Browser = Callable[..., FlaskClient]
NEW_PASSWORD = "другой пароль 1"


@pytest.fixture
def anna(app: Flask) -> int:
    """The number of a teacher's account."""
    with app.app_context():
        return accounts.add_user(UserDetails("anna", "Анна", TEACHER), PASSWORD).id


def attempt(browser: FlaskClient, username: str = "anna", password: str = PASSWORD) -> int:
    return browser.post("/auth/sign-in", data={"username": username, "password": password}).status_code


def signed_in(browser: FlaskClient) -> bool:
    return browser.get("/auth/password").status_code == 200


def test_sign_in_and_out(app: Flask, anna: int, client: FlaskClient) -> None:
    assert not signed_in(client)
    assert attempt(client) == 302
    assert signed_in(client)
    assert client.post("/auth/sign-out").status_code == 302
    assert not signed_in(client)
    with app.app_context():
        going_on = select(func.count()).select_from(UserSession).where(UserSession.expires_at > now())
        assert db.session.scalar(going_on) == 0


def test_the_cookie_of_a_session_is_worth_nothing_after_signing_out(
    app: Flask, client: FlaskClient, anna: int
) -> None:
    attempt(client)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    client.post("/auth/sign-out")
    client.set_cookie(name, cookie.value)
    assert not signed_in(client)


def test_only_the_hash_of_a_token_is_stored(app: Flask, anna: int) -> None:
    with app.app_context():
        token = signing_in.sign_in("anna", PASSWORD, address="", browser="", ask_plugins=lambda _u, _p: None)
        assert token not in str(db.session.execute(select(UserSession.token_hash)).all())
        assert sessions.load_session(token)
        assert sessions.load_session(token + "x") is None


def test_capital_letters_and_spaces_around_the_name_make_no_difference(
    client: FlaskClient, anna: int
) -> None:
    assert attempt(client, " ANNA ") == 302


@pytest.mark.parametrize(
    ("username", "password", "status"),
    [
        ("anna", "неправильный", 401),
        ("nobody", PASSWORD, 401),
        ("anna", "", 422),
        ("", PASSWORD, 422),
        ("anna", "x" * 900, 401),
        ("a" * 5000, PASSWORD, 422),
        ("' OR 1=1 --", "' OR 1=1 --", 401),
        ("anna\x00", PASSWORD, 401),
    ],
)
def test_a_wrong_attempt_keeps_what_was_typed_but_no_password(
    client: FlaskClient, anna: int, username: str, password: str, status: int
) -> None:
    answer = client.post("/auth/sign-in", data={"username": username, "password": password})
    assert answer.status_code == status
    if len(password) > 1:
        assert password not in answer.text.replace(f'value="{username}"', "")
    assert not signed_in(client)


def test_a_wrong_name_and_a_wrong_password_look_alike(client: FlaskClient, anna: int) -> None:
    texts = [
        re.sub(
            r'value="[^"]*"',
            "",
            client.post("/auth/sign-in", data={"username": name, "password": "x" * 9}).text,
        )
        for name in ("anna", "nobody")
    ]
    assert texts[0] == texts[1]


def test_a_disabled_account_is_out_at_once(app: Flask, anna: int, client: FlaskClient) -> None:
    attempt(client)
    with app.app_context():
        accounts.change_user(anna, UserDetails("anna", "Анна", TEACHER), active=False)
    assert not signed_in(client)
    assert attempt(client) == 401


def test_an_expired_session_is_no_session(app: Flask, anna: int, client: FlaskClient) -> None:
    attempt(client)
    with app.app_context(), writing():
        db.session.execute(update(UserSession).values(expires_at=now() - timedelta(seconds=1)))
    assert not signed_in(client)


def test_guessing_is_slowed_down_in_every_process_of_the_hub(app: Flask, anna: int, instance: Path) -> None:
    other = make_app(instance)
    browsers = [app.test_client(), other.test_client()]
    for number in range(GUESSES.most):
        assert attempt(browsers[number % 2], password="неправильный") == 401
    for browser in browsers:
        assert attempt(browser) == 429, "the right password must not show while the pause lasts"
    with app.app_context():
        accounts.add_user(UserDetails("boris", "Борис", STUDENT), PASSWORD)
    assert attempt(browsers[1], "boris") == 302, "one account's limit is not another's"
    with app.app_context(), writing():
        db.session.execute(update(LimitCount).values(next_at=now()))
    assert attempt(browsers[0]) == 302
    release(other)


def test_guessing_many_names_from_one_address_is_stopped(app: Flask, anna: int, client: FlaskClient) -> None:
    with app.app_context():
        for _n in range(UNKNOWN_NAMES.most):
            limits.attempt(UNKNOWN_NAMES, "127.0.0.1")
    assert attempt(client, "nobody") == 429
    assert attempt(client) == 302, "the room is not shut for those who have an account"


def test_right_passwords_are_no_failures(app: Flask, anna: int) -> None:
    for _time in range(GUESSES.most + 2):
        assert attempt(app.test_client()) == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LimitCount)) == 0


def test_changing_ones_own_password_signs_out_the_other_browsers(app: Flask, anna: int) -> None:
    here, there = app.test_client(), app.test_client()
    assert attempt(here) == attempt(there) == 302

    def change(old: str, new: str, again: str) -> int:
        return here.post("/auth/password", data={"old": old, "new": new, "again": again}).status_code

    assert change("неправильный", NEW_PASSWORD, NEW_PASSWORD) == 422
    assert change(PASSWORD, NEW_PASSWORD, NEW_PASSWORD + "x") == 422
    assert change(PASSWORD, "мало", "мало") == 422
    assert signed_in(there)
    assert change(PASSWORD, NEW_PASSWORD, NEW_PASSWORD) == 302
    assert signed_in(here)
    assert not signed_in(there)
    assert attempt(there) == 401
    assert attempt(there, password=NEW_PASSWORD) == 302


def test_a_given_password_has_to_be_changed_first(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        accounts.add_user(UserDetails("anna", "Анна", TEACHER), PASSWORD, must_change_password=True)
    assert attempt(client) == 302
    for path in ("/", "/search", "/resources/"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (302, "/auth/password")
    client.post("/auth/password", data={"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert client.get("/").status_code == 200


def test_the_librarian_adds_a_person_who_can_sign_in(app: Flask, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    details = {"name": "Вера", "username": "vera", "role": STUDENT, "age_limit": "12", "active": "y"}
    answer = librarian.post("/admin/users/add", data=details, follow_redirects=True)
    assert answer.status_code == 200
    password = re.search(r"<code>(\w+)</code>", answer.text)
    assert password
    assert attempt(app.test_client(), "vera", password.group(1)) == 302
    again = librarian.post("/admin/users/add", data={**details, "name": "Другая Вера"})
    assert again.status_code == 422
    assert "Другая Вера" in again.text
    for bad in ({"role": "king"}, {"username": "with space"}, {"name": ""}, {"age_limit": "7"}):
        assert (
            librarian.post("/admin/users/add", data={**details, "username": "new", **bad}).status_code == 422
        )


def test_a_session_can_be_revoked_and_a_password_reset(app: Flask, anna: int, as_viewer: Browser) -> None:
    librarian, theirs = as_viewer(LIBRARIAN), app.test_client()
    attempt(theirs)
    librarian.post(f"/admin/users/{anna}/sign-out")
    assert not signed_in(theirs)
    attempt(theirs)
    answer = librarian.post(f"/admin/users/{anna}/password", follow_redirects=True)
    found = re.search(r"<code>(\w+)</code>", answer.text)
    assert found
    assert not signed_in(theirs)
    assert attempt(theirs) == 401
    assert attempt(theirs, password=found.group(1)) == 302
    assert theirs.get("/").location == "/auth/password"


def test_a_librarian_cannot_touch_an_administrator(app: Flask, as_viewer: Browser) -> None:
    as_viewer(ADMINISTRATOR, username="root")
    librarian = as_viewer(LIBRARIAN, username="lib")
    with app.app_context():
        root, lib = (accounts.find_user(name).id for name in ("root", "lib"))  # type: ignore[union-attr]
    taken = {"name": "Я", "username": "root", "role": LIBRARIAN, "age_limit": ""}
    assert librarian.get(f"/admin/users/{root}").status_code == 403
    for path in (f"/admin/users/{root}", f"/admin/users/{root}/password", f"/admin/users/{root}/sign-out"):
        assert librarian.post(path, data=taken).status_code == 403
    promoted = {"name": "Я", "username": "lib", "role": ADMINISTRATOR, "age_limit": "", "active": "y"}
    assert librarian.post(f"/admin/users/{lib}", data=promoted).status_code == 422
    assert librarian.post("/admin/users/add", data={**promoted, "username": "new"}).status_code == 422
    with app.app_context():
        assert {user.username: user.role for user in db.session.scalars(select(User))} == {
            "root": ADMINISTRATOR,
            "lib": LIBRARIAN,
        }


def test_the_last_administrator_stays(app: Flask, as_viewer: Browser) -> None:
    browser = as_viewer(ADMINISTRATOR, username="root")
    with app.app_context():
        root = accounts.find_user("root")
        assert root
        number = root.id
    same = {"name": "Администратор", "username": "root", "age_limit": ""}
    assert browser.post(f"/admin/users/{number}", data={**same, "role": ADMINISTRATOR}).status_code == 422
    assert (
        browser.post(f"/admin/users/{number}", data={**same, "role": TEACHER, "active": "y"}).status_code
        == 422
    )
    with app.app_context():
        accounts.add_user(UserDetails("second", "Второй", ADMINISTRATOR), PASSWORD)
    assert browser.post(f"/admin/users/{number}", data={**same, "role": ADMINISTRATOR}).status_code == 302
    assert not signed_in(browser)


def test_people_of_a_hub_without_an_administrator_can_be_changed(app: Flask, anna: int) -> None:
    with app.app_context():
        accounts.change_user(anna, UserDetails("anna", "Анна Ивановна", TEACHER), active=True)
        assert accounts.get_user(anna).name == "Анна Ивановна"
        with pytest.raises(LibHubError):
            accounts.get_user(anna + 1)


@pytest.mark.parametrize("role", [STUDENT, TEACHER])
def test_house_keeping_is_closed_to_others(app: Flask, as_viewer: Browser, role: str) -> None:
    browser, guest = as_viewer(role), app.test_client()
    for path in ("/admin/users/", "/admin/plugins", "/admin/settings", "/admin/audit/", "/admin/users/1"):
        assert browser.get(path).status_code == 403
        assert guest.get(path).location.startswith("/auth/sign-in?next=")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/notices/", True),
        ("/admin/users/?q=1", True),
        ("/", False),
        ("/crafts/", False),
        ("/nothing-is-here", False),
        ("//example.org/admin/users/", False),
    ],
)
def test_who_has_to_sign_in_is_told_why(client: FlaskClient, path: str, told: bool) -> None:
    answer = client.get("/auth/sign-in", query_string={"next": path})
    assert ("Чтобы открыть эту страницу, войдите." in answer.text) is told


def test_who_sends_a_form_without_a_visit_is_told_that_nothing_was_saved(client: FlaskClient) -> None:
    answer = client.post("/notices/read", follow_redirects=True)
    assert answer.request.path == "/auth/sign-in"
    assert "Ничего не сохранилось" in answer.text


def test_the_list_of_people_is_searched_letter_by_letter(anna: int, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    assert "Анна" in librarian.get("/admin/users/?q=АННА").text
    assert "Анна" not in librarian.get("/admin/users/?q=%25").text
    assert "Анна" not in librarian.get("/admin/users/?q=_").text


def test_after_signing_in_the_page_that_was_asked_for_opens(
    app: Flask, anna: int, client: FlaskClient
) -> None:
    answer = client.get("/admin/users/?q=a")
    form = client.post(answer.location, data={"username": "anna", "password": PASSWORD})
    assert form.location == "/admin/users/?q=a"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "///evil.example",
        "evil",
        " //evil.example",
        "",
    ],
)
def test_no_redirect_leads_elsewhere(anna: int, client: FlaskClient, target: str) -> None:
    language = client.get("/language/en", query_string={"next": target})
    assert language.location == "/"
    answer = client.post(
        "/auth/sign-in", query_string={"next": target}, data={"username": "anna", "password": PASSWORD}
    )
    assert answer.location == "/"


def test_the_setup_link_works_once(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        path = f"/auth/setup/{setup_token()}"
    assert client.get("/auth/setup/forged").status_code == 404
    assert client.get(path).status_code == 200
    form = {"name": "Главный", "username": "root", "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert client.post(path, data={**form, "again": "x"}).status_code == 422
    assert client.post(path, data=form).status_code == 302
    assert client.get("/admin/plugins").status_code == 200
    late = app.test_client()
    assert late.get(path).status_code == 404
    assert late.post(path, data={**form, "username": "second"}).status_code == 404
    with app.app_context():
        assert [user.username for user in db.session.scalars(select(User))] == ["root"]
        with pytest.raises(LibHubError):
            accounts.add_first_administrator(UserDetails("second", "Второй", ADMINISTRATOR), PASSWORD)


def test_the_setup_link_expires(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        token = setup_token()
    monkeypatch.setattr("libhub.pages.sign_in.SETUP_LINK_SECONDS", -1)
    assert client.get(f"/auth/setup/{token}").status_code == 404


def some_value(rule: Rule, name: str) -> int | str:
    """Return a value that fits into the place of an address."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, NumberConverter) else "on"


def test_forms_without_the_token_are_refused(app: Flask, anna: int, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint != "auth.setup" and not rule.defaults
    ]
    assert posts
    adapter = app.url_map.bind("localhost")
    for rule in posts:
        values = {name: some_value(rule, name) for name in rule.arguments}
        if "plugin_id" in values:
            values["plugin_id"] = "resources"
        answer = librarian.post(adapter.build(rule.endpoint, values, method="POST"))
        # who is signed in already goes on, and nothing is done
        assert answer.status_code == (302 if rule.endpoint == "auth.sign_in" else 400), rule.endpoint
    assert signed_in(librarian)
    guest = app.test_client()
    assert attempt(guest) == 422
    assert not signed_in(guest)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', guest.get("/auth/sign-in").text)
    assert token
    data = {"username": "anna", "password": PASSWORD, "csrf_token": token.group(1)}
    assert guest.post("/auth/sign-in", data=data).status_code == 302


def test_every_role_signs_in(app: Flask) -> None:
    for role in (STUDENT, TEACHER, LIBRARIAN, ADMINISTRATOR):
        assert signed_in(sign_in(app, role))
