"""From a file that waits to words that are found and pages that are read."""

import io
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from libhub.accounts.permissions import ADMINISTRATOR, STUDENT
from libhub.api import Attachment, attachments, detach
from libhub.base.db import db, writing
from libhub.files.models import ReadingPlace, StoredFile
from libhub.files.reading.parts import parts
from libhub.files.reading.process import MODULE
from libhub.files.reading.queue import ATTEMPTS, read_next
from libhub.search.models import SearchOutbox
from libhub.testing import counted_queries, make_app, release, serving, sign_in
from tests.files import documents
from tests.files.conftest import SHELF

AddFile = Callable[..., Attachment]
PAGES = [f"Страница {number}: слово{number}" for number in range(1, 61)]


def read_all(app: Flask) -> int:
    with app.app_context():
        number = 0
        while read_next():
            number += 1
        return number


def state_of(app: Flask, file: Attachment) -> tuple[str, str]:
    with app.app_context():
        (now,) = [each for each in attachments([file.ref])[file.ref] if each.id == file.id]
        return now.state, now.reason


def test_search_gets_every_page_with_its_address(app: Flask, add_file: AddFile) -> None:
    pdf, book = (
        add_file(documents.pdf(PAGES), "Инструкция.pdf"),
        add_file(documents.fb2({"Один": "гриб"}), "книга.fb2"),
    )
    assert read_all(app) == 2
    with app.app_context(), counted_queries(app) as log:
        found = parts([pdf.ref])[pdf.ref]
    assert len(log) == 2
    page = next(each for each in found if "слово41" in each.text)
    assert (page.file, page.unit, page.number, page.key) == ("Инструкция.pdf", "page", 41, f"{pdf.id}.41")
    assert page.url == f"{pdf.raw_url}#page=41"
    chapter = next(each for each in found if "гриб" in each.text)
    assert chapter.url == f"/files/{book.id}/read#chapter-{chapter.number}"
    assert state_of(app, pdf) == ("indexed", "")


def test_the_item_is_searched_anew_when_its_words_change(app: Flask, add_file: AddFile) -> None:
    added = add_file(b"text", "a.txt")
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(SearchOutbox)) or 0
    read_all(app)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SearchOutbox)) == before + 1
        detach(added.id)
        assert db.session.scalar(select(func.count()).select_from(SearchOutbox)) == before + 2
        assert parts([added.ref]) == {}


def test_a_content_is_read_once_however_often_it_is_attached(app: Flask, add_file: AddFile) -> None:
    for key in ("один", "два"):
        add_file(b"one text", key=key)
    assert read_all(app) == 1


def test_a_scan_says_so(app: Flask, add_file: AddFile) -> None:
    added = add_file(documents.pdf(["", ""]), "скан.pdf")
    read_all(app)
    assert state_of(app, added) == ("no_text", "В нём только изображения страниц.")


def test_a_file_over_which_the_hub_dies_is_not_tried_for_ever(app: Flask, add_file: AddFile) -> None:
    added = add_file(b"text", "a.txt")
    with app.app_context(), writing():
        db.session.get_one(StoredFile, added.sha256).attempts = ATTEMPTS
    read_all(app)
    assert state_of(app, added)[0] == "failed"


def test_a_content_that_is_gone_is_told(app: Flask, instance: Path, add_file: AddFile) -> None:
    added = add_file(b"text", "a.txt")
    shutil.rmtree(instance / "files" / added.sha256[:2])
    read_all(app)
    assert "Загрузите его ещё раз" in state_of(app, added)[1]


def drawing() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(target, "PNG")
    return target.getvalue()


BOOK = documents.epub(
    {
        "Первая": '<p onclick="alert(1)">начало <a href="javascript:alert(1)">ссылка</a></p><script>alert(1)</script>',
        "Вторая": '<h1>Вторая</h1><p>гриб <img src="1.png" onerror="alert(1)"></p><iframe src="//evil"></iframe><style>*{}</style>',
    },
    extra={"OEBPS/t/1.png": drawing()},
)


def test_a_book_is_read_as_clean_pages(app: Flask, client: FlaskClient, add_file: AddFile) -> None:
    added = add_file(BOOK, "книга.epub")
    assert "готовится" in client.get(added.url).text
    read_all(app)
    page = client.get(added.url)
    article = page.text.partition("<article")[2].partition("</article>")[0]
    for bad in ("alert", "<script", "<iframe", "<style", "onclick", "onerror", "href", "evil"):
        assert bad not in article
    assert '<section id="chapter-1">' in article
    assert "<h2>Первая</h2>" in article, "a title that the text lacks is put above it"
    assert "<h2>Вторая</h2>" not in article
    assert '<a href="#chapter-2">Вторая</a>' in page.text
    assert client.get(f"/files/{added.id}/picture/1", buffered=True).mimetype == "image/webp"
    assert client.get(f"/files/{added.id}/picture/2").status_code == 404


def test_what_nobody_may_see_cannot_be_read(app: Flask, client: FlaskClient, add_file: AddFile) -> None:
    added = add_file(BOOK, "книга.epub", draft=True, owner="anna")
    read_all(app)
    reader = sign_in(app, STUDENT, username="boris")
    for url in (added.url, f"/files/{added.id}/picture/1"):
        assert reader.get(url).status_code == client.get(url).status_code == 404
    assert reader.post(f"/files/{added.id}/place", data={"place": "chapter-1"}).status_code == 404


def test_letters_and_paper_are_chosen_by_links(app: Flask, client: FlaskClient, add_file: AddFile) -> None:
    added = add_file(BOOK, "книга.epub")
    read_all(app)
    assert client.get(f"{added.url}?theme=sepia").location == added.url
    client.get(f"{added.url}?size=xl&theme=<b>")
    assert 'class="reading size-xl paper-sepia"' in client.get(added.url).text


def test_the_place_is_kept_for_a_person(app: Flask, client: FlaskClient, add_file: AddFile) -> None:
    added = add_file(BOOK, "книга.epub")
    read_all(app)
    anna, boris = (sign_in(app, STUDENT, username=name) for name in ("anna", "boris"))
    assert anna.post(f"/files/{added.id}/place", data={"place": "chapter-2.3"}).status_code == 204
    assert anna.post(f"/files/{added.id}/place", data={"place": "<script>"}).status_code == 400
    assert (
        'Вы остановились здесь:\n    <a href="#chapter-2" data-continue>Вторая</a>'
        in anna.get(added.url).text
    )
    assert 'data-place=""' in boris.get(added.url).text
    assert client.post(f"/files/{added.id}/place", data={"place": "chapter-1"}).status_code == 302


def test_what_is_kept_of_a_person_is_told_and_erased(
    app: Flask, librarian: FlaskClient, add_file: AddFile
) -> None:
    from libhub.accounts import accounts

    added = add_file(BOOK, "книга.epub", owner="anna")
    read_all(app)
    anna = sign_in(app, STUDENT, username="anna")
    anna.post(f"/files/{added.id}/place", data={"place": "chapter-2"})
    anna.post("/files/of/shelf/thing/вещь", data={"files": (io.BytesIO(b"mine"), "моё.txt")})
    with app.app_context():
        found = accounts.find_user("anna")
        assert found
        number = found.id
    told = librarian.get(f"/admin/users/{number}/data.json").json["files"]
    assert [each["name"] for each in told["uploaded"]] == ["моё.txt"]
    assert [each["place"] for each in told["read"]] == ["chapter-2"]
    sign_in(app, ADMINISTRATOR)
    librarian.post(f"/admin/users/{number}/erase")
    with app.app_context():
        assert not db.session.scalar(select(func.count()).select_from(ReadingPlace))
        assert [each.name for each in attachments([added.ref])[added.ref]] == ["книга.epub", "моё.txt"]


@pytest.mark.slow
def test_a_hub_that_was_killed_goes_on_reading(instance: Path, fake_plugin: Callable[..., Path]) -> None:
    from plugins import __path__ as roots

    shutil.copytree(SHELF, instance / "plugins" / "shelf")
    before = list(roots)
    app = make_app(instance)
    with app.app_context():
        from libhub.api import attach
        from plugins.shelf import hooks

        ref = hooks.put("вещь")
        for number in range(25):
            attach(ref, f"{number}.pdf", io.BytesIO(documents.pdf([*PAGES, str(number)])))
    fake_plugin("shelf", {})  # has the section forgotten when the test ends
    roots[:] = before

    def waiting() -> int:
        with app.app_context():
            states = [each.state for each in attachments([ref])[ref]]
            assert set(states) <= {"waiting", "indexed"}
            return states.count("waiting")

    def readers() -> list[psutil.Process]:
        return [each for each in psutil.process_iter() if runs(each, instance)]

    with serving(instance, workers=1) as server:
        wait_until(lambda: 0 < waiting() < 24)
        for child in psutil.Process(server.process.pid).children():
            child.kill()
        wait_until(lambda: not readers())
        assert waiting()
        wait_until(lambda: not waiting())
    assert not readers()
    release(app)


def runs(process: psutil.Process, instance: Path) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return MODULE in words and any(word.startswith(str(instance)) for word in words)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)
