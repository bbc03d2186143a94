"""One press does one thing, and what is typed is not lost: forms that come twice, without a session, with an old token."""

import io
import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from libhub.accounts import accounts, sessions
from libhub.base.db import db
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.submissions.models import Draft, Sending
from libhub.testing import PASSWORD, cookie_name, counted_queries, sign_in
from libhub.testing.page_forms import PageForm, editor_of, forms_of
from plugins.crafts.models import GalleryWork
from tests.plugins.crafts import factory as crafts
from tests.plugins.training import factory as training

ADD = "/resources/add"
NEW = {"title": "Сказки народов", "url": "https://example.org/skazki"}


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    return sign_in(app, "librarian", username="anna")


@pytest.fixture
def protected(app: Flask) -> Flask:
    """The hub as it serves: forms need their tokens."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def entered(app: Flask, name: str = "anna", role: str = "librarian") -> FlaskClient:
    """Return a browser of an account, signed in by the page itself."""
    before = app.config["WTF_CSRF_ENABLED"]
    app.config["WTF_CSRF_ENABLED"] = False
    browser = sign_in(app, role, username=name)
    app.config["WTF_CSRF_ENABLED"] = before
    return browser


def enter(browser: FlaskClient, location: str, name: str = "anna") -> str:
    """Sign in on the page to which somebody was sent; return where one goes on."""
    form = next(each for each in forms_of(browser.get(location).text, location) if "password" in each.fields)
    answer = form.send(browser, username=name, password=PASSWORD)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def titles(browser: FlaskClient, title: str) -> int:
    return browser.get("/resources/manage", query_string={"q": title}).text.count(f">{title}</a>")


def test_one_form_sent_twice_makes_one_thing(librarian: FlaskClient) -> None:
    form = editor_of(librarian, ADD)
    first, again = form.send(librarian, **NEW), form.send(librarian, **NEW)
    assert (first.status_code, again.status_code) == (302, 302)
    assert again.location == first.location
    assert "Сохранено" in librarian.get(again.location).text
    assert titles(librarian, NEW["title"]) == 1


def test_two_clicks_at_the_same_moment_make_one_thing(app: Flask, librarian: FlaskClient) -> None:
    """Courses have nothing by which a second one would be refused."""
    form = editor_of(librarian, "/training/add")
    together = threading.Barrier(4)
    answers = []

    def press() -> None:
        browser = app.test_client()
        cookie = next(each for each in librarian._cookies.values() if "session" in each.key)
        browser.set_cookie(cookie.key, cookie.value)
        together.wait()
        answers.append(form.send(browser, title="Курс в один клик"))

    presses = [threading.Thread(target=press) for _number in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert len({answer.location for answer in answers}) == 1, [answer.status for answer in answers]
    assert librarian.get("/training/manage?q=Курс в один клик").text.count("Курс в один клик</a>") == 1


def test_back_and_pressed_once_more_makes_no_second_one(librarian: FlaskClient) -> None:
    """The browser asks for the page anew, which is another sending, and fills in what was typed."""
    typed = {"title": "Курс после кнопки «Назад»"}
    first = editor_of(librarian, "/training/add").send(librarian, **typed)
    again = editor_of(librarian, "/training/add").send(librarian, **typed)
    assert again.location == first.location
    assert "уже отправлено" in librarian.get(again.location).text


def test_back_and_changed_asks_whether_it_is_a_second_one(librarian: FlaskClient) -> None:
    form = editor_of(librarian, "/training/add")
    first = form.send(librarian, title="Курс как был")
    asked = form.send(librarian, title="Курс как стал")
    assert asked.status_code == 409
    assert f'href="{first.location}"' in asked.text
    assert "Курс как стал" in asked.text, "nothing typed is lost"
    second = next(each for each in forms_of(asked.text, "/training/add") if each.editor).send(librarian)
    assert second.status_code == 302
    assert second.location != first.location


def test_a_change_forth_and_back_is_a_change_each_time(librarian: FlaskClient) -> None:
    """The same content is no repetition where the thing was another one meanwhile."""
    path = "/admin/settings"
    for name in ("Первое имя", "Второе имя", "Первое имя"):
        assert editor_of(librarian, path).send(librarian, library_name=name).status_code == 302
        assert editor_of(librarian, path).fields["library_name"] == [name]


def test_who_goes_back_to_an_old_page_to_change_something_back_means_it(librarian: FlaskClient) -> None:
    path = "/admin/settings"
    form = editor_of(librarian, path)
    for name in ("Первое имя", "Второе имя", "Первое имя"):
        answer = form.send(librarian, library_name=name)
        if answer.status_code == 409:  # the page is older than what stands there now
            asked = next(each for each in forms_of(answer.text, path) if each.editor)
            answer = asked.send(librarian, **{"choose-library_name": "mine"})
        assert answer.status_code == 302
        assert editor_of(librarian, path).fields["library_name"] == [name]


def test_what_was_refused_can_be_sent_again_as_it_is(librarian: FlaskClient) -> None:
    form = editor_of(librarian, ADD)
    for _time in range(2):
        assert form.send(librarian, title="Без адреса", url="").status_code == 422
    assert form.send(librarian, **NEW).status_code == 302


def test_another_person_does_the_same_thing_for_herself(app: Flask) -> None:
    """What is known of a sending is its sender's alone."""
    first, second = sign_in(app, "librarian", username="anna"), sign_in(app, "librarian", username="vera")
    typed = {"title": "Курс у каждой свой"}
    answers = [editor_of(each, "/training/add").send(each, **typed) for each in (first, second)]
    assert len({answer.location for answer in answers}) == 2
    stolen = editor_of(first, "/training/add").fields
    answer = second.post("/training/add", data={**stolen, "title": ["Чужая форма"]})
    assert answer.status_code == 302, "its state says nothing of her"


def test_a_claim_is_committed_with_what_was_done(app: Flask, librarian: FlaskClient) -> None:
    form = editor_of(librarian, ADD)
    form.send(librarian, **{**NEW, "url": "не адрес"})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Sending)) == 0, "nothing was done"
    form.send(librarian, **NEW)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Sending)) == 1


# -- without a session --------------------------------------------------------------------------------


def lost_session(app: Flask, browser: FlaskClient, name: str = "anna") -> None:
    """End a session as time does."""
    with app.app_context():
        user = accounts.find_user(name)
        assert user is not None
        sessions.sign_out_everywhere(user.id)
    assert browser.get("/resources/manage").status_code == 302


def test_a_form_whose_session_ended_comes_back_as_it_was_typed(protected: Flask) -> None:
    browser = entered(protected)
    form = editor_of(browser, ADD)
    lost_session(protected, browser)
    answer = form.send(browser, **NEW, summary="Долго\r\nпечатал")
    assert "/auth/sign-in" in answer.location
    assert "сохранено" in browser.get(answer.location).text
    target = enter(browser, answer.location)
    page = browser.get(target)
    assert "Это ещё не сохранено" in page.text
    again = next(each for each in forms_of(page.text, target) if each.editor)
    assert (again.fields["title"], again.fields["url"]) == ([NEW["title"]], [NEW["url"]])
    assert again.send(browser).status_code == 302
    with protected.app_context():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 0, "it was saved"
    assert "Это ещё не сохранено" not in browser.get(target).text


def test_what_was_kept_while_typing_goes_with_what_came_back(protected: Flask) -> None:
    browser = entered(protected)
    form = editor_of(browser, ADD)
    assert keep(browser, form, title="Начало") == 200
    lost_session(protected, browser)
    target = enter(browser, form.send(browser, **NEW).location)
    assert editor_of(browser, target).send(browser).status_code == 302
    with protected.app_context():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_who_signed_out_and_in_again_in_another_tab_just_goes_on(protected: Flask) -> None:
    browser = entered(protected)
    form = editor_of(browser, ADD)
    lost_session(protected, browser)
    enter(browser, "/auth/sign-in")
    assert form.send(browser, **NEW).status_code == 302
    assert titles(browser, NEW["title"]) == 1


def test_a_small_form_beside_other_things_is_filled_in_again(protected: Flask) -> None:
    """It stands on a page that is not its own, and is written by hand."""
    with protected.app_context():
        _course, section = training.make_course("Курс с заданием")
        lesson = training.make_lesson(section, "Задание", task=True, completion="answer", text="Напишите.")
    browser, page = entered(protected), f"/training/lessons/{lesson}"
    form = next(each for each in forms_of(browser.get(page).text, page) if each.action == f"{page}/answer")
    lost_session(protected, browser)
    target = enter(browser, form.send(browser, text="Мой длинный <ответ>").location)
    again = [each for each in forms_of(browser.get(target).text, target) if each.action == form.action]
    assert again[0].fields["text"] == ["Мой длинный <ответ>"]
    assert again[0].send(browser, send="1").status_code == 302
    assert "Это ещё не сохранено" not in browser.get(target).text


def test_a_file_that_was_chosen_comes_back_with_its_form(protected: Flask) -> None:
    with protected.app_context():
        activity = crafts.rules.save(crafts.sample("Поделка с фото"), state="published")
    browser, page = entered(protected, "pupil", "student"), f"/crafts/{activity}/works/add"
    form = next(each for each in forms_of(browser.get(page).text, page) if "caption" in each.fields)
    lost_session(protected, browser, "pupil")
    sent = form.filled(caption="Моя работа", first_name="Маша", consent="1")
    answer = browser.post(page, data={**sent, "photo": (crafts.photo(), "работа.jpg")})
    target = enter(browser, answer.location, "pupil")
    shown = browser.get(target).text
    assert "«работа.jpg» уже здесь" in shown
    again = next(each for each in forms_of(shown, target) if "caption" in each.fields)
    assert again.fields["caption"] == ["Моя работа"]
    photo = again.tag.select_one("input[type=file]")
    assert photo is not None
    assert not photo.has_attr("required")
    assert browser.post(target, data=again.filled()).status_code == 302
    with protected.app_context():
        assert db.session.scalar(select(GalleryWork.caption)) == "Моя работа"


def test_names_of_files_are_not_taken_from_what_is_typed(protected: Flask) -> None:
    browser = entered(protected)
    form = editor_of(browser, ADD)
    browser.post("/drafts/keep", data={**form.filled(title="Моё"), "kept_files": ["[1, 2]", "не JSON"]})
    offered = re.search(r'href="([^"]+draft=[0-9a-f]+)"', browser.get(ADD).text)
    assert offered
    assert browser.get(offered[1]).status_code == 200
    form = editor_of(browser, ADD)
    lost_session(protected, browser)
    sent = {**form.filled(title="С файлом"), "a'\"]": (io.BytesIO(b"x"), "х.txt")}
    answer = browser.post(ADD, data=sent)
    assert browser.get(enter(browser, answer.location)).status_code == 200


def test_what_is_sent_by_itself_takes_nobody_elsewhere(protected: Flask) -> None:
    with protected.app_context():
        _course, section = training.make_course("Курс с заметкой")
        lesson = training.make_lesson(section, "Урок")
    browser, page = entered(protected), f"/training/lessons/{lesson}"
    form = next(each for each in forms_of(browser.get(page).text, page) if each.action == f"{page}/note")
    lost_session(protected, browser)
    quiet = {"HX-Request": "true", "LibHub-Quiet": "1", "HX-Current-URL": f"http://localhost{page}"}
    answer = browser.post(form.action, data=form.filled(note="Заметка"), headers=quiet)
    assert (answer.status_code, "HX-Redirect" in answer.headers) == (401, False)
    assert "войдите в новой вкладке" in answer.text
    enter(browser, "/auth/sign-in")
    assert browser.post(form.action, data=form.filled(note="Заметка"), headers=quiet).status_code == 200
    assert "Заметка" in browser.get(page).text


@pytest.mark.parametrize("who", ["vera", "guest"])
def test_nobody_else_gets_what_was_typed(protected: Flask, who: str) -> None:
    browser = entered(protected)
    entered(protected, "vera")
    form = editor_of(browser, ADD)
    lost_session(protected, browser)
    answer = form.send(browser, **NEW)
    if who != "guest":
        target = enter(browser, answer.location, who)
        assert NEW["title"] not in browser.get(target).text
    else:
        assert NEW["title"] not in browser.get(answer.location).text
    elsewhere = entered(protected)
    assert NEW["title"] not in elsewhere.get(ADD).text, "another browser of the same person"


def test_on_a_pc_of_the_reading_room_nothing_is_kept(protected: Flask) -> None:
    browser = entered(protected)
    with protected.app_context():
        browser.set_cookie(cookie_name(browser, "computer"), computers.settle(computers.add(Details("ПК 1"))))
    form = editor_of(browser, ADD)
    lost_session(protected, browser)
    assert "kept" not in (form.send(browser, **NEW).location or "")
    with protected.app_context():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_passwords_are_never_kept(protected: Flask) -> None:
    browser = entered(protected)
    page = "/auth/password"
    form = next(each for each in forms_of(browser.get(page).text, page) if "old" in each.fields)
    lost_session(protected, browser)
    form.send(browser, old="старый", new="совсем новый пароль", again="совсем новый пароль")
    with protected.app_context():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_forged_form_does_nothing(protected: Flask) -> None:
    browser = entered(protected)
    form = editor_of(browser, ADD)
    for state in ("", "выдумка", form.fields["form_state"][0][:-3] + "xyz"):
        data = {**form.filled(**NEW), "csrf_token": [""], "form_state": [state]}
        assert browser.post(ADD, data=data).status_code == 400
    other = entered(protected, "vera")
    strange = {**form.filled(**NEW), "csrf_token": [""]}
    assert other.post(ADD, data=strange).status_code != 302 or titles(other, NEW["title"]) == 0
    assert titles(browser, NEW["title"]) == 0


# -- drafts -------------------------------------------------------------------------------------------


def keep(browser: FlaskClient, form: PageForm, **typed: str) -> int:
    return browser.post("/drafts/keep", data=form.filled(**typed)).status_code


def test_two_tabs_have_a_draft_each(librarian: FlaskClient) -> None:
    one, other = editor_of(librarian, ADD), editor_of(librarian, ADD)
    assert keep(librarian, one, title="Из первой вкладки") == 200
    assert keep(librarian, other, title="Из второй вкладки") == 200
    assert keep(librarian, one, title="Из первой вкладки, дальше") == 200
    offered = re.findall(r'href="([^"]+draft=[0-9a-f]+)"', librarian.get(ADD).text)
    assert len(offered) == 2
    shown = {editor_of(librarian, each).fields["title"][0] for each in offered}
    assert shown == {"Из первой вкладки, дальше", "Из второй вкладки"}
    assert one.send(librarian, **NEW).status_code == 302
    assert len(re.findall(r"draft=[0-9a-f]+", librarian.get(ADD).text)) == 1, "the other one is still there"


def test_a_draft_is_its_writers_alone(app: Flask, librarian: FlaskClient) -> None:
    vera, form = sign_in(app, "librarian", username="vera"), editor_of(librarian, ADD)
    keep(librarian, form, title="Моё")
    with app.app_context():
        number = db.session.scalar(select(Draft.id))
    assert "Моё" not in vera.get(f"{ADD}?draft={number}").text
    assert keep(vera, form, title="Чужое") == 401
    assert app.test_client().post("/drafts/keep", data=form.filled()).status_code == 401
    vera.post(f"/drafts/{number}/drop")
    assert "Моё" in librarian.get(f"{ADD}?draft={number}").text


def test_a_draft_knows_what_it_was_made_from(app: Flask, librarian: FlaskClient) -> None:
    path = "/resources/1/edit"
    form = editor_of(librarian, path)
    keep(librarian, form, summary="Набросок")
    vera = sign_in(app, "librarian", username="vera")
    assert editor_of(vera, path).send(vera, title="Новое название").status_code == 302
    offered = re.search(r'href="([^"]+draft=[0-9a-f]+)"', librarian.get(path).text)
    assert offered
    assert editor_of(librarian, offered[1]).send(librarian).status_code == 302
    now = editor_of(librarian, path).fields
    assert (now["title"], now["summary"]) == (["Новое название"], ["Набросок"])


def test_a_clash_is_chosen_and_both_can_be_had(app: Flask, librarian: FlaskClient) -> None:
    path, vera = "/resources/1/edit", sign_in(app, "librarian", username="vera")
    for choice, expected in (("mine", "Моё название"), ("theirs", "Её название")):
        before = editor_of(librarian, path).fields["title"][0]
        mine, theirs = editor_of(librarian, path), editor_of(vera, path)
        assert theirs.send(vera, title="Её название").status_code == 302
        asked = mine.send(librarian, title="Моё название", summary="Моя строка")
        assert asked.status_code == 409
        for text in (before, "Её название", "Моё название"):
            assert text in asked.text
        offered = re.search(r'href="([^"]+draft=[0-9a-f]+)"', librarian.get(path).text)
        assert offered, "what was typed is kept meanwhile"
        assert editor_of(librarian, offered[1]).fields["title"] == ["Моё название"]
        shown = next(each for each in forms_of(asked.text, path) if each.editor)
        assert shown.send(librarian).status_code == 409, "nobody chose"
        assert editor_of(vera, path).fields["title"] == ["Её название"]
        assert shown.send(librarian, **{"choose-title": choice}).status_code == 302
        now = editor_of(librarian, path).fields
        assert (now["title"], now["summary"]) == ([expected], ["Моя строка"])
        editor_of(librarian, path).send(librarian, title="Название сначала", summary="")


def test_drafts_are_told_in_the_table_of_the_section(librarian: FlaskClient) -> None:
    keep(librarian, editor_of(librarian, ADD), title="Недописанный ресурс")
    rows = librarian.get("/resources/manage").text
    assert re.search(r'href="/resources/add\?draft=[0-9a-f]+"[^>]*>Недописанный ресурс', rows)


def test_a_page_without_an_editor_asks_for_no_drafts(app: Flask, librarian: FlaskClient) -> None:
    with counted_queries(app) as log:
        librarian.get("/resources/1").close()
    assert not [text for text in log.statements if "core_draft" in text or "core_sending" in text]
