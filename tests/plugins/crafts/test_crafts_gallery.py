"""The gallery: unseen before approval, signed as the school wants, without what a telephone knows of a photo."""

import io
import re
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.api import attachments
from libhub.base.db import db
from libhub.files.models import FileAttachment
from libhub.plugging.settings import change_settings
from libhub.testing import cookie_name, counted_queries
from plugins.crafts.gallery import approval, gallery_works
from plugins.crafts.models import GalleryLike, GalleryWork

Made = Callable[..., int]


@pytest.fixture
def send(pupil: FlaskClient, factory: ModuleType, made: Made) -> Callable[..., tuple[int, object]]:
    """Return a function that sends a work of Masha's and returns the activity and the answer."""

    def sending(activity: int = 0, browser: FlaskClient = pupil, **changes: object) -> tuple[int, object]:
        number = activity or made("Для галереи")
        form = {"photo": (factory.photo(), "я.jpg"), "caption": "Вот", "first_name": "Маша", "consent": "1"}
        form = {name: value for name, value in {**form, **changes}.items() if value is not None}
        return number, browser.post(f"/crafts/{number}/works/add", data=form)

    return sending


def works(app: Flask) -> list[GalleryWork]:
    with app.app_context():
        return list(db.session.scalars(select(GalleryWork).order_by(GalleryWork.id)))


def status(browser: FlaskClient, path: str) -> int:
    with browser.get(path) as answer:  # closes the file that is streamed
        return answer.status_code


def photo_of(app: Flask, work_id: int) -> str:
    with app.app_context():
        (file,) = attachments([gallery_works.ref(work_id)])[gallery_works.ref(work_id)]
        return file.raw_url


def test_nobody_else_sees_a_work_before_it_is_approved(
    app: Flask, client: FlaskClient, pupil: FlaskClient, librarian: FlaskClient,
    as_viewer: Callable[..., FlaskClient], send: Callable[..., tuple[int, object]],
) -> None:  # fmt: skip
    number, answer = send()
    assert answer.location == "/crafts/works/mine"
    (work,) = works(app)
    photo = photo_of(app, work.id)
    other = as_viewer("student", username="petya")
    teacher = as_viewer("teacher")
    for browser in (client, other, teacher):
        assert "Вот" not in browser.get(f"/crafts/{number}/works").text
        assert "Вот" not in browser.get(f"/crafts/{number}").text
        assert status(browser, photo) in {302, 403, 404}
        assert browser.get("/crafts/works/queue").status_code in {302, 403}
    for browser in (pupil, librarian):
        assert status(browser, photo) == 200
    assert "ждёт библиотекаря" in pupil.get("/crafts/works/mine").text
    assert "Вот" in librarian.get("/crafts/works/queue").text
    librarian.post(f"/crafts/works/{work.id}/decide", data={"decision": "approve"})
    for browser in (client, other):
        assert "Вот" in browser.get(f"/crafts/{number}/works").text
        assert status(browser, photo) == 200
    assert "теперь в галерее" in pupil.get("/notices/").text
    pupil.set_cookie(cookie_name(pupil, "locale"), "en")
    assert "is in the gallery now" in pupil.get("/notices/").text


def test_declined_with_a_reason_that_the_author_reads(
    app: Flask, client: FlaskClient, pupil: FlaskClient, librarian: FlaskClient,
    send: Callable[..., tuple[int, object]],
) -> None:  # fmt: skip
    _number, _answer = send()
    (work,) = works(app)
    decide = f"/crafts/works/{work.id}/decide"
    librarian.post(decide, data={"decision": "decline", "reason": " "})
    assert works(app)[0].state == "waiting", "a reason is needed"
    librarian.post(decide, data={"decision": "decline", "reason": "Темно.", "own_reason": "Снимите у окна."})
    assert works(app)[0].state == "declined"
    assert "Снимите у окна." in pupil.get("/crafts/works/mine").text
    assert "Снимите у окна." in pupil.get("/notices/").text
    assert status(client, photo_of(app, work.id)) in {302, 403, 404}
    again = librarian.post(decide, data={"decision": "approve"}, follow_redirects=True)
    assert "уже рассмотрели" in again.text
    assert works(app)[0].state == "declined"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"consent": None}, "Без согласия"),
        ({"photo": None}, "Сначала выберите фотографию"),
        ({"photo": (io.BytesIO(b""), "")}, "Сначала выберите фотографию"),
        ({"first_name": "Маша Иванова"}, "фамилию другим знать не нужно"),
        ({"caption": "д" * 301}, "не длиннее 300"),
        ({"photo": (io.BytesIO(b"%PDF-1.4\n%%EOF"), "a.pdf")}, "не картинка"),
        ({"photo": (io.BytesIO(b"not a picture"), "a.jpg")}, ""),
    ],
)
def test_what_will_not_do_is_told_and_nothing_is_kept(
    app: Flask, send: Callable[..., tuple[int, object]], changes: dict[str, object], told: str
) -> None:
    _number, answer = send(**changes)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'role="alert"' in answer.text
    assert works(app) == []
    with app.app_context():
        assert db.session.scalars(select(FileAttachment)).all() == []


def test_what_a_telephone_wrote_into_the_photo_is_gone(
    app: Flask, pupil: FlaskClient, factory: ModuleType, send: Callable[..., tuple[int, object]]
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x8825] = {1: "N", 2: (55.0, 1.0, 30.0), 3: "E", 4: (82.0, 55.0, 0.0)}
    sent = factory.photo(exif=exif.tobytes())
    assert b"SecretPhone" in sent.getvalue()
    send(photo=(sent, "IMG.jpg"))
    with pupil.get(photo_of(app, works(app)[0].id)) as answer:
        served = answer.data
    assert b"SecretPhone" not in served
    assert dict(Image.open(io.BytesIO(served)).getexif()) == {}


def test_names_as_the_school_wants_them(
    app: Flask, client: FlaskClient, librarian: FlaskClient, send: Callable[..., tuple[int, object]]
) -> None:
    number, _answer = send()
    librarian.post(f"/crafts/works/{works(app)[0].id}/decide", data={"decision": "approve"})
    assert "Маша" in client.get(f"/crafts/{number}/works").text
    with app.app_context():
        change_settings("crafts", {"gallery_names": "anonymous"})
    assert "Маша" not in client.get(f"/crafts/{number}/works").text
    assert "Маша" not in client.get(f"/crafts/{number}").text


def test_the_class_is_added_to_the_name(
    app: Flask, pupil: FlaskClient, client: FlaskClient, librarian: FlaskClient,
    send: Callable[..., tuple[int, object]],
) -> None:  # fmt: skip
    with app.app_context():
        user = accounts.find_user("masha")
        assert user is not None
        details = accounts.UserDetails("masha", user.name, "student", school_class="5а")
        accounts.change_user(user.id, details, active=True)
    number, _answer = send()
    librarian.post(f"/crafts/works/{works(app)[0].id}/decide", data={"decision": "approve"})
    assert "Маша, 5А" in client.get(f"/crafts/{number}/works").text


def test_an_author_takes_a_work_back_and_nobody_else_does(
    app: Flask, client: FlaskClient, pupil: FlaskClient, librarian: FlaskClient,
    as_viewer: Callable[..., FlaskClient], send: Callable[..., tuple[int, object]],
) -> None:  # fmt: skip
    number, _answer = send()
    (work,) = works(app)
    photo = photo_of(app, work.id)
    librarian.post(f"/crafts/works/{work.id}/decide", data={"decision": "approve"})
    other = as_viewer("student", username="petya")
    other.post(f"/crafts/works/{work.id}/remove")
    assert len(works(app)) == 1
    pupil.post(f"/crafts/works/{work.id}/remove")
    assert works(app) == []
    assert "Вот" not in client.get(f"/crafts/{number}/works").text
    assert status(pupil, photo) == 404


def test_likes_count_for_the_author_alone(
    app: Flask, client: FlaskClient, pupil: FlaskClient, librarian: FlaskClient,
    as_viewer: Callable[..., FlaskClient], send: Callable[..., tuple[int, object]],
) -> None:  # fmt: skip
    number, _answer = send()
    (work,) = works(app)
    other = as_viewer("student", username="petya")
    like = f"/crafts/works/{work.id}/like"
    other.post(like, data={"wanted": "1"})
    with app.app_context():
        assert db.session.scalars(select(GalleryLike)).all() == [], "an unseen work cannot be liked"
    librarian.post(f"/crafts/works/{work.id}/decide", data={"decision": "approve"})
    for _twice in range(2):
        other.post(like, data={"wanted": "1", "next": f"/crafts/{number}/works"})
    assert "понравилась 1 человеку" in pupil.get("/crafts/works/mine").text
    wall = other.get(f"/crafts/{number}/works").text
    assert re.search(r'aria-pressed="true"[^>]*>♥', wall)
    assert "понравил" not in wall
    assert client.post(like).status_code == 302
    other.post(like, data={"wanted": "0"})
    with app.app_context():
        assert db.session.scalars(select(GalleryLike)).all() == []
        change_settings("crafts", {"gallery_likes": False})
    other.post(like, data={"wanted": "1"})
    assert "Нравится" not in other.get(f"/crafts/{number}/works").text
    with app.app_context():
        assert db.session.scalars(select(GalleryLike)).all() == []


def test_a_flood_of_works_is_stopped(
    app: Flask, made: Made, send: Callable[..., tuple[int, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery_works, "MOST_WAITING", 2)
    number = made("Поток")
    answers = [send(number)[1].status_code for _time in range(3)]
    assert answers == [302, 302, 422]
    assert len(works(app)) == 2


def test_works_of_a_hidden_activity_are_hidden_too(
    app: Flask, client: FlaskClient, librarian: FlaskClient, send: Callable[..., tuple[int, object]]
) -> None:
    number, _answer = send()
    (work,) = works(app)
    librarian.post(f"/crafts/works/{work.id}/decide", data={"decision": "approve"})
    photo = photo_of(app, work.id)
    assert status(client, photo) == 200
    librarian.post(f"/crafts/{number}/archive")
    assert status(client, photo) in {302, 403, 404}


def test_pages_of_works_ask_the_same_for_few_and_many(
    app: Flask, client: FlaskClient, librarian: FlaskClient, made: Made, factory: ModuleType
) -> None:
    number = made("Много работ")
    spent = []
    for more in (1, 9):
        with app.app_context():
            user = accounts.find_user("librarian-None")
            assert user is not None
            for _time in range(more):
                work_id = factory.make_work(user.id, number)
                approval.decide(work_id, approve=True)
        client.get(f"/crafts/{number}/works")
        with counted_queries(app) as log:
            client.get(f"/crafts/{number}/works")
        spent.append(len(log))
    assert spent[0] == spent[1] <= 12
