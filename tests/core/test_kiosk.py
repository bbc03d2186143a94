"""PCs of the reading room: what they are, when a visit ends, what is left of it, and where links lead."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy import select, update

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import UserSession
from libhub.accounts.permissions import LIBRARIAN, STUDENT, TEACHER
from libhub.accounts.sessions import SESSION_LIFETIME
from libhub.base.audit import AuditEntry
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.moments import now
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.kiosk.models import ASK, OPEN, QR, Computer
from libhub.plugging.settings import change_settings, get_setting
from libhub.testing import PASSWORD, cookie_name, keep_only
from libhub.web import cookies
from libhub.web.outside import outside_links, outside_url
from libhub.web.session_life import GRACE

Browser = Callable[..., FlaskClient]
MINUTES = 7
SITE = "https://example.org/книги?a=1&b=2"


@pytest.fixture
def computer_id(app: Flask) -> int:
    """A PC of the reading room that asks before a link leads outside."""
    with app.app_context():
        return computers.add(Details("ПК у окна", MINUTES, ASK))


def settle(app: Flask, browser: FlaskClient, computer_id: int) -> FlaskClient:
    """Make a browser that PC."""
    with app.app_context():
        browser.set_cookie(cookie_name(browser, "computer"), computers.settle(computer_id))
    return browser


@pytest.fixture
def pc(app: Flask, client: FlaskClient, computer_id: int) -> FlaskClient:
    """A guest's browser on the PC."""
    return settle(app, client, computer_id)


def sign_in(app: Flask, browser: FlaskClient) -> None:
    """Sign the browser in as a pupil."""
    with app.app_context():
        accounts.add_user(UserDetails("masha", "Маша Котова", STUDENT), PASSWORD)
    answer = browser.post("/auth/sign-in", data={"username": "masha", "password": PASSWORD})
    assert answer.status_code == 302


def session_left(app: Flask) -> timedelta:
    """Return how long the only session goes on."""
    with app.app_context():
        return db.session.scalars(select(UserSession)).one().expires_at - now()


def let_pass(app: Flask, time: timedelta) -> None:
    """Make every session as old as if so much time had passed."""
    with app.app_context(), writing():
        for row in db.session.scalars(select(UserSession)):
            row.expires_at -= time
            row.created_at -= time


# -- becoming a PC of the reading room ------------------------------------------------------------------------


def test_the_librarian_makes_the_pc_at_hand_one_with_one_press(app: Flask, as_viewer: Browser) -> None:
    browser = as_viewer(LIBRARIAN)
    assert "Добавить этот компьютер" in browser.get("/admin/computers/").text
    data = {"name": " ПК  у окна ", "minutes": "3", "outside": QR}
    answer = browser.post("/admin/computers/here", data=data)
    assert answer.status_code == 302
    cookie = next(
        each
        for each in answer.headers.getlist("Set-Cookie")
        if each.startswith(cookie_name(browser, "computer"))
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert int(re.search(r"Max-Age=(\d+)", cookie)[1]) > 300 * 24 * 3600
    page = browser.get("/admin/computers/").text
    assert "ПК у окна" in page
    assert "3\u00a0минуты" in page
    assert "Добавить этот компьютер" not in page, "it is one already"
    with app.app_context():
        row = db.session.scalars(select(Computer)).one()
        assert row.token_hash not in cookie, "only the hash is kept"
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.subject_type == "core_computer")
        ).all()
        assert {entry.action for entry in entries} == {"create", "update"}
        assert {entry.actor_name for entry in entries} == {"Librarian"}
        assert row.token_hash not in str([entry.after for entry in entries])


def test_an_address_makes_another_pc_one_once(app: Flask, as_viewer: Browser, client: FlaskClient) -> None:
    shown = as_viewer(LIBRARIAN).post(
        "/admin/computers/", data={"name": "У двери", "minutes": "5", "outside": ASK}, follow_redirects=True
    )
    path = urlsplit(re.search(r"http://localhost(/pc/[a-z0-9-]+)", shown.text)[0]).path
    asked = client.get(path)
    assert "У двери" in asked.text
    assert cookie_name(client, "computer") not in str(asked.headers), "a look changes nothing"
    assert client.post(path).status_code == 302
    assert client.get_cookie(cookie_name(client, "computer")) is not None
    assert "kiosk-start" in client.get("/").text
    assert client.get(path).status_code == 404
    assert app.test_client().post(path).status_code == 404


def test_an_address_ends_after_a_day_and_with_the_next_one(
    app: Flask, client: FlaskClient, computer_id: int
) -> None:
    with app.app_context():
        first, second = computers.new_code(computer_id), computers.new_code(computer_id)
    assert client.get(f"/pc/{first}").status_code == 404
    assert client.get(f"/pc/{second.upper()}").status_code == 200, "as it is typed"
    with app.app_context(), writing():
        db.session.execute(update(Computer).values(code_until=now() - timedelta(seconds=1)))
    assert client.get(f"/pc/{second}").status_code == 404
    assert client.get("/pc/").status_code == 404


def test_a_new_browser_takes_the_place_of_the_old_one(app: Flask, pc: FlaskClient, computer_id: int) -> None:
    assert "kiosk-start" in pc.get("/").text
    other = settle(app, app.test_client(), computer_id)
    assert "kiosk-start" in other.get("/").text
    assert "kiosk-start" not in pc.get("/").text
    assert pc.get_cookie(cookie_name(pc, "computer")) is None, "a cookie without a PC is taken back"


def test_details_are_looked_at(app: Flask, as_viewer: Browser, computer_id: int) -> None:
    browser = as_viewer(LIBRARIAN)
    good = {"name": "Второй", "minutes": "5", "outside": OPEN}
    for wrong in (
        {"name": ""},
        {"name": "x" * 81},
        {"minutes": "0"},
        {"minutes": "121"},
        {"minutes": "пять"},
        {"outside": "x"},
    ):
        for path in ("/admin/computers/", "/admin/computers/here", f"/admin/computers/{computer_id}"):
            assert browser.post(path, data={**good, **wrong}).status_code == 422, wrong
    taken = browser.post("/admin/computers/here", data={**good, "name": "пк У ОКНА"})
    assert taken.status_code == 422
    assert "уже есть" in taken.text
    with app.app_context():
        for details in (Details(" "), Details("x", 0), Details("x", 5, "nowhere")):
            with pytest.raises(LibHubError):
                computers.add(details)
        assert [each.name for each in computers.every()] == ["ПК у окна"]


def test_a_pc_is_changed_and_removed(
    app: Flask, as_viewer: Browser, pc: FlaskClient, computer_id: int
) -> None:
    browser = as_viewer(LIBRARIAN)
    page = f"/admin/computers/{computer_id}"
    assert browser.post(page, data={"name": "У двери", "minutes": "20", "outside": OPEN}).status_code == 302
    assert "У двери" in pc.get("/search").text
    assert browser.post(f"{page}/remove").status_code == 302
    assert "kiosk" not in pc.get("/").text
    assert browser.get(page).status_code == 404
    assert browser.post(f"{page}/remove").status_code == 302, "somebody was faster"
    assert browser.post(f"{page}/address").status_code == 404


def test_the_pc_on_which_the_librarian_sits_is_removed_without_signing_out(
    app: Flask, as_viewer: Browser, computer_id: int
) -> None:
    browser = settle(app, as_viewer(LIBRARIAN), computer_id)
    browser.get("/")
    assert session_left(app) < timedelta(minutes=MINUTES + 1)
    assert browser.post(f"/admin/computers/{computer_id}/remove").status_code == 302
    assert browser.get_cookie(cookie_name(browser, "computer")) is None
    assert session_left(app) > SESSION_LIFETIME - timedelta(minutes=1)


@pytest.mark.parametrize("role", [TEACHER, STUDENT])
def test_only_those_who_may_set_pcs_up(as_viewer: Browser, computer_id: int, role: str) -> None:
    browser = as_viewer(role)
    for path in ("/admin/computers/", f"/admin/computers/{computer_id}"):
        assert browser.get(path).status_code == 403
    for path in (
        "/admin/computers/",
        "/admin/computers/here",
        f"/admin/computers/{computer_id}/remove",
        f"/admin/computers/{computer_id}/address",
    ):
        assert browser.post(path, data={"name": "x", "minutes": "5", "outside": OPEN}).status_code == 403


@pytest.mark.parametrize(
    "cookie", ["x", "0" * 4000, "'; DROP TABLE core_computer; --", "../../etc/passwd", "%00", "ю"]
)
def test_a_made_up_cookie_is_nothing(client: FlaskClient, computer_id: int, cookie: str) -> None:
    client.set_cookie(cookie_name(client, "computer"), cookie)
    answer = client.get("/")
    assert answer.status_code == 200
    assert "kiosk" not in answer.text
    assert client.get_cookie(cookie_name(client, "computer")) is None


def test_the_day_of_use_is_kept_and_the_cookie_renewed_once_a_day(
    app: Flask, pc: FlaskClient, computer_id: int
) -> None:
    assert cookie_name(pc, "computer") in str(pc.get("/").headers)
    assert cookie_name(pc, "computer") not in str(pc.get("/").headers)
    with app.app_context():
        assert computers.get(computer_id).seen_on is not None
        entries = db.session.scalars(select(AuditEntry.after).where(AuditEntry.action == "update")).all()
        assert "seen_on" not in str(entries), "that somebody was there is no entry of the log"


# -- the first page -----------------------------------------------------------------------------------------


def test_a_guest_sees_a_search_box_and_the_sections(pc: FlaskClient) -> None:
    page = pc.get("/").text
    assert page.count("<form") == 2, "the search, and the answer to the countdown"
    assert 'name="q"' in page
    for section in ("/resources/", "/crafts/", "/events/"):
        assert f'href="{section}"' in page
    assert "/admin/" not in page
    assert 'class="bar"' not in page


def test_whoever_is_signed_in_has_the_usual_home_page(app: Flask, pc: FlaskClient) -> None:
    sign_in(app, pc)
    page = pc.get("/").text
    assert "kiosk-start" not in page
    assert 'class="bar"' in page
    assert "Закончить работу" in page


def test_other_computers_are_as_before(
    app: Flask, as_viewer: Browser, client: FlaskClient, computer_id: int
) -> None:
    browser = as_viewer(STUDENT)
    for visitor in (client, browser):
        for path in ("/", "/search?q=сказки", "/auth/password"):
            answer = visitor.get(path, follow_redirects=True)
            assert "kiosk" not in answer.text
            assert 'http-equiv="refresh"' not in answer.text
    assert session_left(app) > SESSION_LIFETIME - timedelta(minutes=1)
    assert 'autocomplete="off"' not in client.get("/auth/sign-in").text.partition("<main")[2]
    assert client.get("/pc/idle").location == "/"
    assert "Clear-Site-Data" not in client.get("/pc/idle").headers
    assert browser.post("/auth/sign-out").headers["Clear-Site-Data"] == '"cache"'


def test_the_pc_sees_what_any_guest_sees(app: Flask, pc: FlaskClient) -> None:
    def links(page: str) -> set[str]:
        return set(re.findall(r'href="(/resources/\d+)"', page))

    everywhere = links(app.test_client().get("/resources/").text)
    assert links(pc.get("/resources/").text) < everywhere, "a pupil who signs out sees no more"
    with app.app_context():
        change_settings("core", {"kiosk_guest_age": get_setting("core", "guest_age")})
    assert links(pc.get("/resources/").text) == everywhere


# -- the end of a visit ---------------------------------------------------------------------------------------


def test_a_session_ends_when_nobody_does_anything(app: Flask, pc: FlaskClient) -> None:
    sign_in(app, pc)
    assert session_left(app) <= timedelta(minutes=MINUTES) + GRACE
    let_pass(app, timedelta(minutes=MINUTES - 1))
    assert pc.get("/auth/password").status_code == 200, "and that was a sign of life"
    let_pass(app, timedelta(minutes=MINUTES - 1))
    assert pc.get("/auth/password").status_code == 200
    let_pass(app, timedelta(minutes=MINUTES) + GRACE)
    answer = pc.get("/auth/password")
    assert answer.status_code == 302
    assert "/auth/sign-in" in answer.location


def test_without_its_cookie_the_pc_does_not_hold_the_session_longer(app: Flask, pc: FlaskClient) -> None:
    sign_in(app, pc)
    pc.delete_cookie(cookie_name(pc, "computer"))
    let_pass(app, timedelta(minutes=1))
    assert pc.get("/auth/password").status_code == 200
    let_pass(app, timedelta(minutes=MINUTES))
    assert pc.get("/auth/password").status_code == 302


def test_a_session_from_before_becomes_short_too(app: Flask, as_viewer: Browser, computer_id: int) -> None:
    browser = as_viewer(STUDENT)
    assert session_left(app) > timedelta(hours=11)
    settle(app, browser, computer_id).get("/")
    assert session_left(app) <= timedelta(minutes=MINUTES) + GRACE


def test_no_use_holds_a_session_past_its_longest_lifetime(app: Flask, pc: FlaskClient) -> None:
    sign_in(app, pc)
    with app.app_context(), writing():
        row = db.session.scalars(select(UserSession)).one()
        row.created_at = now() - SESSION_LIFETIME + timedelta(minutes=1)
        row.expires_at = now() + timedelta(seconds=30)
    pc.get("/")
    assert session_left(app) > timedelta(seconds=40)
    assert session_left(app) <= timedelta(minutes=1)


def test_scripts_that_ask_by_themselves_are_no_sign_of_life(app: Flask, pc: FlaskClient) -> None:
    sign_in(app, pc)
    let_pass(app, timedelta(minutes=2))
    before = session_left(app)
    pc.get("/search/suggest?q=ска", headers={"Sec-Fetch-Mode": "cors"})
    assert session_left(app) <= before
    pc.get("/search", headers={"Sec-Fetch-Mode": "navigate"})
    assert session_left(app) > before


def test_i_am_here(app: Flask, pc: FlaskClient) -> None:
    assert pc.post("/pc/here").status_code == 401
    sign_in(app, pc)
    let_pass(app, timedelta(minutes=MINUTES - 1))
    answer = pc.post("/pc/here", headers={"Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 204
    assert session_left(app) > timedelta(minutes=MINUTES - 1)
    assert pc.get("/pc/here").status_code == 404


def test_i_am_here_needs_the_token_of_the_page(app: Flask, pc: FlaskClient) -> None:
    sign_in(app, pc)
    app.config["WTF_CSRF_ENABLED"] = True
    assert pc.post("/pc/here").status_code == 400


def test_the_page_ends_a_visit_that_is_over_and_no_other(app: Flask, pc: FlaskClient) -> None:
    sign_in(app, pc)
    pc.set_cookie(cookie_name(pc, "locale"), "en")
    assert pc.get("/pc/idle").location == "/"
    assert pc.get("/auth/password").status_code == 200, "somebody works in another tab"
    let_pass(app, timedelta(minutes=MINUTES))
    answer = pc.get("/pc/idle")
    assert answer.location == "/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    with app.app_context():
        assert db.session.scalars(select(UserSession).where(UserSession.expires_at > now())).all() == []
    page = pc.get("/").text
    assert "kiosk-start" in page
    assert '<html lang="ru">' in page, "the language was the last reader's choice"
    assert "работа закончена" in page
    assert "работа закончена" not in pc.get("/").text


def test_a_guest_goes_back_to_the_first_page(pc: FlaskClient) -> None:
    assert pc.get("/pc/idle").location == "/"


def test_signing_out_leaves_nothing_but_the_pc(app: Flask, pc: FlaskClient) -> None:
    sign_in(app, pc)
    pc.set_cookie(cookie_name(pc, "reader_size"), "l")
    answer = pc.post("/auth/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"', "cookies stay: the PC is known by one"
    assert pc.get_cookie(cookie_name(pc, "computer")) is not None
    assert pc.get_cookie(cookie_name(pc, "reader_size")) is not None
    assert "kiosk-start" in pc.get("/").text
    assert pc.get("/auth/password").status_code == 302


def test_pages_go_to_the_end_without_scripts_too(app: Flask, pc: FlaskClient) -> None:
    refresh = f'<noscript><meta http-equiv="refresh" content="{MINUTES * 60 + 1}; url=/pc/idle"></noscript>'
    for path in ("/", "/search?q=сказки", "/nowhere"):
        assert refresh in pc.get(path).text
    sign_in(app, pc)
    assert refresh in pc.get("/auth/password").text


def test_nothing_that_somebody_sees_is_kept_by_the_browser(app: Flask, pc: FlaskClient) -> None:
    @app.after_request
    def lax(response):  # type: ignore[no-untyped-def]
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    sign_in(app, pc)
    for path in ("/", "/auth/password", "/search?q=сказки", "/nowhere"):
        assert pc.get(path).headers["Cache-Control"] == "no-store", path
    assert pc.get("/static/kiosk.js", buffered=True).headers["Cache-Control"] != "no-store", "it is nobody's"


def test_forms_offer_nobody_what_others_typed(app: Flask, pc: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    refused = pc.post("/auth/sign-in", data={"username": "masha"})
    app.config["WTF_CSRF_ENABLED"] = False
    answers = [refused, pc.get("/auth/sign-in"), pc.get("/")]
    sign_in(app, pc)
    answers += [pc.get("/auth/password"), pc.get("/search?q=книга", headers={"HX-Request": "true"})]
    for answer in answers:
        forms = re.findall(r"<form[^>]*>", answer.text)
        assert forms
        assert all('autocomplete="off"' in form for form in forms)
        assert answer.content_length == len(answer.data)


# -- links that leave the hub -----------------------------------------------------------------------------------


def on_pc(app: Flask, computer_id: int, outside: str) -> dict[str, str]:
    """Let the PC treat links so, and return the headers of a request from it."""
    with app.app_context():
        computers.change(computer_id, Details("ПК у окна", MINUTES, outside))
        return {"Cookie": f"{cookies.name_of(cookies.COMPUTER)}={computers.settle(computer_id)}"}


def test_links_are_what_they_were_where_they_may_open(app: Flask, computer_id: int) -> None:
    with app.test_request_context("/"):
        assert outside_url(SITE) == SITE
    with app.test_request_context("/", headers=on_pc(app, computer_id, OPEN)):
        assert outside_url(SITE) == SITE


@pytest.mark.parametrize("outside", [ASK, QR])
def test_links_lead_to_the_page_in_between(
    app: Flask, pc: FlaskClient, computer_id: int, outside: str
) -> None:
    with app.test_request_context("/", headers=on_pc(app, computer_id, outside)):
        url = outside_url(SITE)
        for own in (
            "/resources/",
            "#top",
            "mailto:a@example.org",
            "http://localhost/x",
            "",
            "http://[broken",
        ):
            assert outside_url(own) == own
        text = Markup(
            '<p><a title="да" href="https://example.org/?a=1&amp;b=2">туда</a> <a href="/x">сюда</a></p>'
        )
        shown = outside_links(text)
        assert 'href="/x"' in shown
        assert "example.org" not in shown
        assert outside_url("//example.org/x").startswith("/away?")
    assert url.startswith("/away?to=")
    settle(app, pc, computer_id)
    page = pc.get(url, headers={"Referer": "http://localhost/resources/7"}).text
    assert "Эта ссылка ведёт из библиотеки в Интернет" in page
    assert "https://example.org/книги?a=1&amp;b=2" in page
    assert 'href="http://localhost/resources/7"' in page
    assert ('class="qr"' in page) == (outside == QR)
    assert (f'href="{SITE}"'.replace("&", "&amp;") in page) == (outside == ASK)


def test_the_page_in_between_leads_nowhere_but_where_the_hub_says(
    app: Flask, pc: FlaskClient, computer_id: int
) -> None:
    with app.test_request_context("/", headers=on_pc(app, computer_id, ASK)):
        signed = parse_qs(urlsplit(outside_url(SITE)).query)["to"][0]
    for browser in (pc, app.test_client()):
        for forged in ("", "https://evil.example/", signed[:-1], f"x{signed}", "%00", "ю.ю"):
            assert browser.get("/away", query_string={"to": forged}).status_code == 404, forged
    answer = app.test_client().get("/away", query_string={"to": signed})
    assert answer.status_code == 302, "a link that was copied from the PC opens elsewhere"
    assert urlsplit(answer.location).hostname == "example.org"


@pytest.mark.parametrize(("outside", "hosts"), [(OPEN, None), (ASK, "/away"), (QR, "/away")])
def test_a_redirect_of_a_section_does_not_get_past(
    app: Flask, pc: FlaskClient, computer_id: int, outside: str, hosts: str | None
) -> None:
    keep_only(app, "resources")
    on_pc(app, computer_id, outside)
    settle(app, pc, computer_id)
    answer = pc.get("/resources/4/open")
    assert answer.status_code == 302
    if hosts:
        assert urlsplit(answer.location).path == hosts
        assert "Эта ссылка" in pc.get(answer.location).text
    else:
        assert urlsplit(answer.location).netloc
