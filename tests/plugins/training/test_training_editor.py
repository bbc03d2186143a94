"""The librarian writes a course: structure, text, drafts, versions, a document from a word processor."""

import io
import re
import zipfile
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from libhub.api import attachments, db, mark_of, set_archived, writing
from libhub.base.audit import AuditEntry
from libhub.testing import change_many, press
from plugins.training.courses import lessons, rules, word_import
from plugins.training.courses.lessons import LessonData
from plugins.training.models import Course, Lesson

FORM = {
    "title": "Урок",
    "text": "Первый текст",
    "completion": "hand",
    "minutes": "10",
    "pass_percent": "80",
    "published": "y",
    "shuffled": "y",
}
COURSE = {"title": "Новый курс", "for_whom": "teachers", "hours": "4", "age": "0", "certificate": "y"}


@pytest.fixture
def lesson_id(app: Flask, make: ModuleType) -> int:
    """A lesson of an open course."""
    with app.app_context():
        _course, section_id = make.make_course("Курс")
        made: int = make.make_lesson(section_id, "Урок", text="Первый текст")
        return made


def lesson_of(number: int) -> Lesson:
    return lessons.get_lesson(number)


def picture(kind: str = "PNG") -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (60, 40), "#0b6e66").save(body, kind)
    return body.getvalue()


# -- courses ------------------------------------------------------------------------------------------


def test_a_course_is_added_written_and_opened(
    app: Flask, librarian: FlaskClient, teacher: FlaskClient
) -> None:
    answer = librarian.post("/training/add", data=COURSE)
    course_id = int(answer.location.split("/")[2])
    assert teacher.get(f"/training/{course_id}").status_code == 404
    with app.app_context():
        section_id = rules.get_course(course_id).sections[0].id
    answer = librarian.post(f"/training/{course_id}/sections/{section_id}/lessons", data={"title": "Первый"})
    number = int(answer.location.split("/")[3])
    librarian.post(f"/training/lessons/{number}/edit", data={**FORM, "title": "Первый"})
    librarian.post(f"/training/{course_id}/publish", data={"published": "1"})
    page = teacher.get(f"/training/lessons/{number}")
    assert page.status_code == 200
    assert "Первый текст" in page.text
    librarian.post(f"/training/{course_id}/archive")
    assert teacher.get(f"/training/lessons/{number}").status_code == 404
    librarian.post(f"/training/{course_id}/restore")
    assert teacher.get(f"/training/lessons/{number}").status_code == 200


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", " "),
        ("hours", "-1"),
        ("hours", "много"),
        ("for_whom", "pupils"),
        ("summary", "д" * 501),
        ("checked_on", "вчера"),
    ],
)
def test_the_form_of_a_course_keeps_what_was_typed(librarian: FlaskClient, field: str, wrong: str) -> None:
    answer = librarian.post("/training/add", data={**COURSE, "summary": "Про поиск", field: wrong})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    if field not in {"title", "summary"}:
        assert "Про поиск" in answer.text
        assert "Новый курс" in answer.text


def test_sections_and_lessons_are_ordered_by_buttons_and_by_dragging(
    app: Flask, make: ModuleType, librarian: FlaskClient
) -> None:
    with app.app_context():
        course_id, first = make.make_course("Курс")
        second = rules.add_section(course_id, "Второй")
        a, b, c = (make.make_lesson(first, title) for title in "АБВ")

    def order() -> list[tuple[int, list[int]]]:
        with app.app_context():
            return rules.order_of(rules.get_course(course_id))

    edit = f"/training/{course_id}/edit"
    press(librarian, edit, f"/training/lessons/{b}/up")
    assert order() == [(first, [b, a, c]), (second, [])]
    press(librarian, edit, f"/training/lessons/{b}/up")
    assert order() == [(first, [b, a, c]), (second, [])], "the first one stays the first"
    press(librarian, edit, f"/training/lessons/{c}/down")
    assert order() == [(first, [b, a]), (second, [c])]
    press(librarian, edit, f"/training/{course_id}/sections/{second}/up")
    assert order() == [(second, [c]), (first, [b, a])]
    dragged = {"order": f"{first}:{a};{second}:{c},{b};999:{a};x"}
    librarian.post(f"/training/{course_id}/order", data=dragged)
    assert order() == [(second, [c]), (first, [b, a])], "who saw nothing moves nothing"
    dragged["seen"] = mark_of(order())
    librarian.post(f"/training/{course_id}/order", data=dragged)
    assert order() == [(first, [a]), (second, [c, b])]
    late = librarian.post(f"/training/{course_id}/order", data=dragged, headers={"HX-Request": "true"})
    assert late.status_code == 409
    assert "кто-то уже всё изменил" in librarian.get(edit).text
    dragged["seen"] = mark_of(order())
    kept = librarian.post(f"/training/{course_id}/order", data=dragged, headers={"HX-Request": "true"})
    assert f'data-seen="{mark_of(order())}"' in kept.text


def test_a_section_with_lessons_is_not_removed(app: Flask, make: ModuleType, librarian: FlaskClient) -> None:
    with app.app_context():
        course_id, first = make.make_course("Курс")
        make.make_lesson(first)
        empty = rules.add_section(course_id, "Пустой")
    answer = librarian.post(f"/training/{course_id}/sections/{first}/remove")
    assert answer.status_code == 422
    assert "Сначала перенесите уроки" in answer.text
    assert librarian.post(f"/training/{course_id}/sections/{empty}/remove").status_code == 302
    assert librarian.post(f"/training/{course_id}/sections/{empty}/remove").status_code == 404
    with app.app_context():
        other, _section = make.make_course("Чужой")
    assert librarian.post(f"/training/{other}/sections/{first}/up").status_code == 404


# -- a lesson -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "wrong", "word"),
    [
        ("title", "", "название"),
        ("link", "javascript:alert(1)", "http"),
        ("link", "//evil.example", "http"),
        ("link", "http://[", "http"),
        ("minutes", "601", "от 0 до 600"),
        ("pass_percent", "0", "от 1 до 100"),
        ("completion", "answer", "нет задания"),
    ],
)
def test_the_form_of_a_lesson_keeps_what_was_typed(
    app: Flask, librarian: FlaskClient, lesson_id: int, field: str, wrong: str, word: str
) -> None:
    answer = librarian.post(
        f"/training/lessons/{lesson_id}/edit", data={**FORM, "text": "Набранное", field: wrong}
    )
    assert answer.status_code == 422
    assert "Набранное" in answer.text
    assert word in answer.text
    with app.app_context():
        assert lesson_of(lesson_id).text == "Первый текст"


def test_preview_works_as_a_button_and_as_a_fragment(
    app: Flask, librarian: FlaskClient, lesson_id: int
) -> None:
    path = f"/training/lessons/{lesson_id}"
    typed = {**FORM, "text": "## Новое\n\n<script>x</script>"}
    whole = librarian.post(f"{path}/edit", data={**typed, "preview": "1"}, follow_redirects=True)
    part = librarian.post(f"{path}/preview", data=typed, headers={"HX-Request": "true"})
    for answer in (whole, part):
        assert answer.status_code == 200
        assert "<h2>Новое</h2>" in answer.text
        assert "<script>x" not in answer.text
    assert "<html" not in part.text
    with app.app_context():
        assert lesson_of(lesson_id).text == "Первый текст"


def test_what_is_typed_is_kept_and_offered_again(app: Flask, librarian: FlaskClient, lesson_id: int) -> None:
    path = f"/training/lessons/{lesson_id}"
    state = re.search(r'name="form_state" value="([^"]+)"[^>]*><script', librarian.get(f"{path}/edit").text)
    assert state
    sent = {**FORM, "form_state": state[1]}
    kept = librarian.post("/drafts/keep", data={**sent, "text": "Недописанное"})
    assert "Черновик сохранён" in kept.json["said"]
    page = librarian.get(f"{path}/edit").text
    assert "не сохранили" in page
    assert "Недописанное" not in page
    taken = re.search(r'href="([^"]+\?draft=[0-9a-f]+)"', page)
    assert taken
    assert "Недописанное" in librarian.get(taken[1]).text
    assert "Недописанное" not in librarian.get(path).text, "readers see what was saved"
    assert librarian.post(f"{path}/edit", data={**sent, "text": "Дописанное"}).status_code == 302
    assert "draft=" not in librarian.get(f"{path}/edit").text
    with app.app_context():
        assert lesson_of(lesson_id).text == "Дописанное"


def test_every_text_that_was_saved_can_be_compared_and_brought_back(
    app: Flask, librarian: FlaskClient, lesson_id: int
) -> None:
    path = f"/training/lessons/{lesson_id}"
    librarian.post(f"{path}/edit", data={**FORM, "text": "Первый текст\nвторая строка"})
    librarian.post(f"{path}/edit", data={**FORM, "text": "Первый текст\nвторая строка", "minutes": "20"})
    texts = texts_before(app, lesson_id)
    assert list(texts.values()) == ["Первый текст"], "settings are another change"
    page = librarian.get(f"{path}/history").text
    assert "добавлено: </span>\nвторая строка" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    entry = next(iter(texts))
    librarian.post(f"{path}/history/{entry}", data={"field": "text", "seen": seen[1]})
    with app.app_context():
        assert lesson_of(lesson_id).text == "Первый текст"
        assert lesson_of(lesson_id).minutes == 20
    assert list(texts_before(app, lesson_id).values()) == ["Первый текст", "Первый текст\nвторая строка"]
    assert librarian.get(f"{path}/history/77777").status_code == 404


def texts_before(app: Flask, lesson_id: int) -> dict[int, str]:
    """Return the texts that the lesson had before each change of it, by the number of the change."""
    with app.app_context():
        query = select(AuditEntry).where(
            AuditEntry.subject_type == "training_lesson",
            AuditEntry.subject_key == str(lesson_id),
            AuditEntry.action == "update",
        )
        entries = db.session.scalars(query.order_by(AuditEntry.id))
        return {each.id: each.before["text"] for each in entries if each.before and "text" in each.before}


def test_a_lesson_removed_while_somebody_is_in_it_loses_nothing(
    app: Flask, librarian: FlaskClient, teacher: FlaskClient, lesson_id: int
) -> None:
    path = f"/training/lessons/{lesson_id}"
    teacher.get(path)
    librarian.post(f"{path}/archive", data={"archived": "1"})
    assert teacher.post(f"{path}/note", data={"note": "Моя мысль"}).status_code == 302
    for answer in (teacher.get(path), teacher.post(f"{path}/done", data={"done": "1"})):
        assert answer.status_code == 410
        assert "убран из курса" in answer.text
        assert "Моя мысль" in answer.text
    librarian.post(f"{path}/archive", data={"archived": "0"})
    assert "Моя мысль" in teacher.get(path).text
    assert teacher.post(f"{path}/done", data={"done": "1"}).status_code == 302


@pytest.mark.parametrize("role", ["teacher", "student", "guest"])
def test_only_those_who_write_courses_write(
    app: Flask, as_viewer: Callable[..., FlaskClient], lesson_id: int, role: str
) -> None:
    browser = as_viewer(role)
    for path in (
        f"/training/lessons/{lesson_id}/edit",
        "/training/manage",
        "/training/add",
        "/training/board",
    ):
        assert browser.get(path).status_code == (302 if role == "guest" else 403)
    assert browser.post(f"/training/lessons/{lesson_id}/edit", data=FORM).status_code in {302, 403}
    with app.app_context():
        assert texts_before(app, lesson_id) == {}


# -- files and documents ------------------------------------------------------------------------------


def status(browser: FlaskClient, url: str) -> int:
    with browser.get(url) as answer:  # closes the file that the answer streams
        return answer.status_code


def upload(browser: FlaskClient, lesson_id: int, content: bytes, name: str) -> int:
    data = {"files": (io.BytesIO(content), name), "place": "", "next": "/"}
    return browser.post(f"/files/of/training/lesson/{lesson_id}", data=data).status_code


def test_files_of_a_lesson_are_protected_as_it_is(
    app: Flask, librarian: FlaskClient, teacher: FlaskClient, client: FlaskClient, lesson_id: int
) -> None:
    upload(librarian, lesson_id, picture(), "схема.png")
    upload(librarian, lesson_id, "Памятка про щукозаводск".encode(), "памятка.txt")
    assert upload(teacher, lesson_id, picture(), "чужая.png") in {403, 404}
    with app.app_context():
        files = attachments([Lesson.ref_of(lesson_id)])[Lesson.ref_of(lesson_id)]
        assert [each.name for each in files] == ["схема.png", "памятка.txt"]
        raw = [each.raw_url for each in files]
    text = "![Схема](схема.png)"
    librarian.post(f"/training/lessons/{lesson_id}/edit", data={**FORM, "text": text})
    page = teacher.get(f"/training/lessons/{lesson_id}").text
    assert f'<img src="/files/{files[0].id}/preview/1280" alt="Схема"' in page
    assert page.count("схема.png") == 0, "a picture of the text is not listed once more"
    assert "памятка.txt" in page
    for url in raw:
        assert status(teacher, url) == 200
        assert status(client, url) in {302, 403, 404}
    with app.app_context():
        lessons.save_lesson(LessonData("Урок", text, published=False), lesson_id)
    assert status(teacher, raw[0]) in {403, 404}
    assert status(librarian, raw[0]) == 200


def document(*, picture_bytes: bytes = b"", name: str = "word/document.xml") -> bytes:
    """Return a small DOCX document as a word processor writes it."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    image = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:docPr id="1" name="p" descr="Зал"/><a:graphic><a:graphicData>'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip r:embed="rId1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Как искать</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>Сначала </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>редкое слово</w:t></w:r></w:p>"
    )
    body += image if picture_bytes else ""
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="png" ContentType="image/png"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{rels}"><Relationship Id="r" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(name, f"<w:document {w} {r} {a}><w:body>{body}</w:body></w:document>")
        archive.writestr(
            "word/styles.xml",
            f'<w:styles {w}><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{rels}"><Relationship Id="rId1" Type="{office}/image" Target="media/a.png"/>'
            f'<Relationship Id="rId2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        )
        if picture_bytes:
            archive.writestr("word/media/a.png", picture_bytes)
    return made.getvalue()


def test_a_document_becomes_the_lesson_with_its_pictures(
    app: Flask, librarian: FlaskClient, teacher: FlaskClient, lesson_id: int
) -> None:
    for _twice in range(2):
        sent = {"document": (io.BytesIO(document(picture_bytes=picture())), "методичка.docx")}
        librarian.post(f"/training/lessons/{lesson_id}/docx", data=sent)
    with app.app_context():
        text = lesson_of(lesson_id).text
        files = attachments([Lesson.ref_of(lesson_id)])[Lesson.ref_of(lesson_id)]
    assert text.startswith("Первый текст\n\n# Как искать\n\nСначала **редкое слово**")
    assert [each.name for each in files] == ["рисунок-1.png", "рисунок-2.png"]
    page = teacher.get(f"/training/lessons/{lesson_id}").text
    assert page.count("/preview/1280") == 2
    assert 'alt="Зал"' in page
    sent = {"document": (io.BytesIO(document()), "m.docx"), "replace": "1"}
    librarian.post(f"/training/lessons/{lesson_id}/docx", data=sent)
    with app.app_context():
        assert lesson_of(lesson_id).text == "# Как искать\n\nСначала **редкое слово**"
    assert list(texts_before(app, lesson_id).values())[-1] == text


@pytest.mark.parametrize(
    "content",
    [b"", b"not a document", document()[:300], document(name="word/other.xml")],
    ids=["empty", "text", "unfinished", "no document in it"],
)
def test_what_is_no_document_changes_nothing(
    app: Flask, librarian: FlaskClient, lesson_id: int, content: bytes
) -> None:
    sent = {"document": (io.BytesIO(content), "x.docx")}
    answer = librarian.post(f"/training/lessons/{lesson_id}/docx", data=sent, follow_redirects=True)
    assert "Это не документ DOCX" in answer.text
    with app.app_context():
        assert lesson_of(lesson_id).text == "Первый текст"


def test_a_document_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, librarian: FlaskClient, lesson_id: int
) -> None:
    monkeypatch.setattr(word_import, "MAX_UNPACKED", 100)
    sent = {"document": (io.BytesIO(document()), "x.docx")}
    answer = librarian.post(f"/training/lessons/{lesson_id}/docx", data=sent, follow_redirects=True)
    assert "слишком большой" in answer.text


def test_a_lesson_that_was_read_shows_what_was_changed_in_it(
    app: Flask, librarian: FlaskClient, make: ModuleType
) -> None:
    with app.app_context():
        _course, section_id = make.make_course("Каталоги")
        lesson_id = make.make_lesson(section_id, "Урок", text="Прежние слова")
    assert "Прежние слова" in librarian.get(f"/training/lessons/{lesson_id}").text
    librarian.post(f"/training/lessons/{lesson_id}/edit", data={**FORM, "text": "Новые слова"})
    shown = librarian.get(f"/training/lessons/{lesson_id}").text
    assert "Новые слова" in shown
    assert "Прежние слова" not in shown


# -- the table of all courses -------------------------------------------------------------------------


def titles(browser: FlaskClient, **asked: str) -> list[str]:
    page = browser.get("/training/manage", query_string={"q": "Свод", **asked}).text
    return re.findall(r'type="checkbox" name="id" value="\d+" aria-label="([^"]+)"', page)


def test_the_table_of_courses_shows_their_states_and_changes_many_at_once(
    app: Flask, make: ModuleType, librarian: FlaskClient, teacher: FlaskClient
) -> None:
    with app.app_context():
        first, second, third = (make.make_course(f"Свод {place}")[0] for place in (1, 2, 3))
        rules.set_published([second], published=False)
        set_archived(Course, [third], archived=True)
    assert titles(librarian) == ["Свод 1", "Свод 2"]
    assert titles(librarian, q="вод 2") == ["Свод 2"], "small letters will do, and a part of a title"
    assert titles(librarian, state="draft") == ["Свод 2"]
    assert titles(librarian, state="open") == ["Свод 1"]
    assert titles(librarian, state="archived") == ["Свод 3"]
    ticked = {"id": [str(first), str(second)]}

    def both_are(state: str, change: str, status: int) -> None:
        preview = librarian.get("/training/manage/preview", query_string={**ticked, "change": change})
        assert preview.status_code == 200
        assert "Свод 1" in preview.text
        assert titles(librarian, state=state) != ["Свод 1", "Свод 2"], "nothing before a yes"
        change_many(librarian, "/training/manage", [first, second], change)
        assert titles(librarian, state=state) == ["Свод 1", "Свод 2"]
        assert {teacher.get(f"/training/{each}").status_code for each in (first, second)} == {status}

    both_are("open", "open", 200)
    both_are("draft", "draft", 404)
    change_many(librarian, "/training/manage", [first, second], "open")
    change_many(librarian, "/training/manage", [first, second], "archive")
    assert titles(librarian, state="archived") == ["Свод 1", "Свод 2", "Свод 3"]
    assert {teacher.get(f"/training/{each}").status_code for each in (first, second)} == {404}
    both_are("open", "restore", 200)


def test_the_table_of_courses_has_pages(app: Flask, make: ModuleType, librarian: FlaskClient) -> None:
    with app.app_context(), writing():
        for place in range(60):
            make.make_course(f"Свод {place:02}")
    assert [len(titles(librarian, page=page)) for page in ("1", "2")] == [50, 10]


def test_no_file_is_attached_to_a_lesson_that_is_not_there(
    app: Flask, librarian: FlaskClient, lesson_id: int
) -> None:
    assert upload(librarian, lesson_id, b"text", "файл.txt") == 302
    assert upload(librarian, lesson_id + 1000, b"text", "файл.txt") == 404
