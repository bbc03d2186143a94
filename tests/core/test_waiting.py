"""Nobody waits for work that need not be done under the lock of the database."""

import io
import threading
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask, render_template_string
from PIL import Image
from sqlalchemy import func, select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User
from libhub.accounts.passwords import hash_password
from libhub.accounts.permissions import LIBRARIAN
from libhub.base.db import db, is_trying, is_writing, keeps_others_waiting, trying, writing
from libhub.files.current_store import get_store
from libhub.files.uploads import attach, receive, replace_file
from libhub.kit import markdown
from libhub.kit.importing import writing_or_trying
from libhub.plugging import deprecation
from libhub.search.documents import ItemRef
from libhub.testing import PASSWORD

THING = ItemRef("crafts", "activity", "1")


def add(name: str) -> None:
    accounts.add_user(UserDetails(name, name, LIBRARIAN), PASSWORD)


def names() -> set[str]:
    return set(db.session.scalars(select(User.username)))


def picture() -> io.BytesIO:
    body = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(body, "PNG")
    body.seek(0)
    return body


# -- trying something out


def test_what_is_tried_is_seen_and_nothing_of_it_is_kept(app: Flask) -> None:
    with app.app_context():
        add("before")
        with trying():
            add("tried")
            assert names() == {"before", "tried"}
        assert not is_writing()
        assert names() == {"before"}


def test_nobody_waits_for_a_try(app: Flask) -> None:
    def other() -> None:
        with app.app_context():
            add("other")

    with app.app_context():
        with trying():
            add("tried")
            meanwhile = threading.Thread(target=other)
            meanwhile.start()
            meanwhile.join(15)
            assert not meanwhile.is_alive()
            assert names() == {"tried"}  # as it was when the try began
        assert names() == {"other"}


def test_a_try_that_fails_leaves_everything_as_it_was(app: Flask) -> None:
    def fail() -> None:
        with trying():
            add("tried")
            raise ZeroDivisionError

    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            fail()
        add("after")
        assert names() == {"after"}


def test_a_try_inside_of_a_change_is_a_part_of_it(app: Flask) -> None:
    with app.app_context():
        with writing():
            db.session.execute(select(func.count()).select_from(User))
            with trying():
                db.session.add(
                    User(
                        username="tried",
                        login_key="tried",
                        name="x",
                        sort_name="x",
                        role=LIBRARIAN,
                        password_hash="x",
                    )
                )
                db.session.flush()
                assert names() == {"tried"}
            db.session.add(
                User(
                    username="kept",
                    login_key="kept",
                    name="x",
                    sort_name="x",
                    role=LIBRARIAN,
                    password_hash="x",
                )
            )
        assert names() == {"kept"}


def test_a_try_leaves_no_content_behind(app: Flask) -> None:
    with app.app_context():
        before = list(get_store().contents())
        with receive("a.txt", io.BytesIO(b"a word")) as file, trying():
            attach(THING, file)
        assert list(get_store().contents()) == before


# -- what is slow


def test_a_received_file_is_attached_inside_a_change(app: Flask, slow_work: list[str]) -> None:
    with app.app_context():
        with receive("Фото.png", picture()) as file:
            assert (file.name, file.is_image, file.width, file.height) == ("Фото.png", True, 40, 40)
            with writing():
                kept = attach(THING, file, place="cover")
        with receive("новое.txt", io.BytesIO(b"text")) as file, writing():
            replaced = replace_file(kept.id, file)
        assert (replaced.id, replaced.name, replaced.place) == (kept.id, "новое.txt", "cover")
    assert not slow_work


def test_bytes_inside_a_change_still_work_and_are_told_of(
    app: Flask, slow_work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deprecation, "_told", {})
    with app.app_context():
        with writing():
            kept = attach(THING, "a.png", picture())
            replace_file(kept.id, "b.png", picture())
        said = [str(text) for text in deprecation.told("")]
    assert [("attach" in text, "replace_file" in text) for text in said] == [(True, False), (False, True)]
    assert all("receive()" in text for text in said)
    assert "the hub (libhub/files/pictures.py" in "\n".join(slow_work)
    slow_work.clear()


def archive() -> None:
    with zipfile.ZipFile(io.BytesIO(), "w"):
        pass


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (lambda: hash_password(PASSWORD), "hashes a password"),
        (lambda: render_template_string("x"), "renders a template"),
        (lambda: markdown.to_html("x"), "renders Markdown"),
        (lambda: Image.open(picture()), "opens a picture"),
        (archive, "opens an archive"),
    ],
)
def test_the_guard_sees_it(app: Flask, slow_work: list[str], work: Callable[[], object], told: str) -> None:
    with app.test_request_context():
        work()
        assert not slow_work
        with trying():
            work()
        assert not slow_work
        with writing():
            work()
    assert any(told in text for text in slow_work)
    slow_work.clear()


SECTION = """
def send():
    with writing():
        attach(thing, "a.png", picture())
"""


def test_a_section_is_told_by_its_name(
    app: Flask, slow_work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deprecation, "_told", {})
    own = {
        "__name__": "plugins.bad.rules",
        "writing": writing,
        "attach": attach,
        "thing": THING,
        "picture": picture,
    }
    exec(compile(SECTION, "plugins/bad/rules.py", "exec"), own)
    with app.app_context():
        own["send"]()  # type: ignore[operator]
    assert len(deprecation.told("bad")) == 1
    assert "the section “bad” (plugins/bad/rules.py:4) opens a picture inside writing()" in slow_work
    slow_work.clear()


def test_a_dry_run_of_an_import_keeps_nobody_waiting(app: Flask) -> None:
    with app.app_context():
        with writing_or_trying(dry_run=True):
            assert is_trying()
            assert not keeps_others_waiting()
        with writing_or_trying(dry_run=False):
            assert keeps_others_waiting()
        assert not is_trying()
