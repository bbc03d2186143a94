"""The librarian's editor: rows in order, drafts that keep themselves, preview, copy, archive, pictures."""

import io
import re
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from libhub.testing import change_many, index_now
from plugins.crafts import activity_data, editor_form, rules
from plugins.crafts.activity_data import ActivityData

Made = Callable[..., int]


def typed(app: Flask, number: int) -> dict[str, list[str]]:
    """Return what the form of an activity sends when nothing is changed."""
    with app.app_context():
        return editor_form.typed_of(rules.data_of(rules.get(number)))


def stored(app: Flask, number: int) -> ActivityData:
    with app.app_context():
        return rules.data_of(rules.get(number))


def with_draft(browser: FlaskClient, path: str) -> str:
    """Return an editor's page filled in with what was typed there and not saved."""
    offered = re.search(rf'href="({path}\?draft=[0-9a-f]+)"', browser.get(path).text)
    assert offered, "nothing is offered"
    return browser.get(offered[1]).text


def kept_on_the_way(browser: FlaskClient, path: str, form: dict[str, list[str]]) -> TestResponse:
    """Do what the script of editors does while somebody types."""
    state = re.search(r'name="form_state" value="([^"]+)"[^>]*><script', browser.get(path).text)
    assert state
    return browser.post("/drafts/keep", data={**form, "form_state": state[1]})


def change(browser: FlaskClient, number: int, form: dict[str, list[str]], do: str) -> int:
    return browser.post(f"/crafts/{number}/edit", data={**form, "do": do}).status_code


def test_a_new_activity_from_its_title_to_the_search(
    app: Flask, librarian: FlaskClient, client: FlaskClient
) -> None:
    assert librarian.post("/crafts/add", data={"title": " "}).status_code == 422
    edit = librarian.post("/crafts/add", data={"title": "Змей из газеты", "kind": "craft"}).location
    number = int(edit.split("/")[2])
    assert client.get(f"/crafts/{number}").status_code == 404
    assert change(librarian, number, typed(app, number), "publish") == 422, "there is nothing to do in it yet"
    form = {
        **typed(app, number),
        "summary": ["Летает в любой ветер"],
        "age": ["0"],
        "minutes": ["45"],
        "techniques": ["склеивание, складывание"],
        "holidays": ["children"],
        "step_key": ["a1", "b2"],
        "step_text": ["Склейте рамку.", "Привяжите нить."],
        "step_warning": ["", "Не у проводов!"],
        "material_name": ["газета", "ножницы"],
        "material_amount": ["2", ""],
        "material_unit": ["sheet", "piece"],
        "material_use": ["each", "tool"],
        "material_pack": ["", ""],
        "material_optional": ["0", "0"],
        "material_note": ["", ""],
        "material_replacements": ["калька, бумага", ""],
    }
    assert change(librarian, number, form, "publish") == 302
    index_now(app)
    page = client.get(f"/crafts/{number}").text
    for shown in ("Летает в любой ветер", "Склейте рамку.", "Не у проводов!", "2 листа", "калька, бумага"):
        assert shown in page
    found = client.get("/search.json", query_string={"q": "газетный змей"}).json
    assert "Змей из газеты" in [hit["title"] for hit in found["results"]]
    assert stored(app, number).techniques == ("склеивание", "складывание")


def test_nothing_changes_when_the_form_comes_back_as_it_was(
    app: Flask, librarian: FlaskClient, made: Made
) -> None:
    number = made("Как было", grade_from=3, seasons=("winter", "summer"), safety="Две\nстроки")
    before = stored(app, number)
    assert change(librarian, number, typed(app, number), "publish") == 302
    assert stored(app, number) == before


@pytest.mark.parametrize(
    ("what", "order"),
    [
        ("step:up:1", ["второй", "первый", "третий"]),
        ("step:down:1", ["первый", "третий", "второй"]),
        ("step:remove:0", ["второй", "третий"]),
        ("step:add", ["первый", "второй", "третий", ""]),
        ("step:up:0", ["первый", "второй", "третий"]),
        ("step:down:9", ["первый", "второй", "третий"]),
        ("step:fly:1", ["первый", "второй", "третий"]),
        ("dog:up:1", ["первый", "второй", "третий"]),
    ],
)
def test_rows_are_arranged_without_scripts_and_readers_see_nothing_yet(
    app: Flask, librarian: FlaskClient, made: Made, what: str, order: list[str]
) -> None:
    steps = tuple(activity_data.StepData(text) for text in ("первый", "второй", "третий"))
    number = made("По порядку", steps=steps)
    before = stored(app, number)
    page = librarian.post(
        f"/crafts/{number}/edit", data={**typed(app, number), "do": what}, follow_redirects=True
    ).text
    assert re.findall(r'<textarea name="step_text"[^>]*>([^<]*)<', page) == order
    assert stored(app, number) == before
    sent = re.findall(r'name="step_key" value="(\w+)"', page)
    keys = dict(zip(order, sent, strict=True))
    assert all(keys[step.text] == step.key for step in before.steps if step.text in keys)


@pytest.mark.parametrize(
    ("field", "wrong", "told"),
    [
        ("title", [" "], "Нужно название"),
        ("minutes", ["много"], "Нужно целое число"),
        ("minutes", ["0"], "От 1 до 600"),
        ("kind", ["dance"], "не из числа"),
        ("grade_to", ["1"], "меньше"),
        ("step_text", ["", "Склейте края."], "шаг 1: нет текста"),
        ("step_text", ["ш"] * 200, "200 шагов — слишком много"),
        ("material_name", ["д" * 500, "клей", "ножницы"], "не длиннее 100"),
        ("material_amount", ["две", "", ""], "«две» — не число"),
        ("material_amount", ["-2", "", ""], "число больше нуля"),
        ("summary", ["д" * 301], "Не больше 300"),
    ],
)
def test_what_will_not_do_is_told_kept_and_not_saved(
    app: Flask, librarian: FlaskClient, made: Made, field: str, wrong: list[str], told: str
) -> None:
    number = made("Ошибки", grade_from=3)
    before = stored(app, number)
    form = {**typed(app, number), "related": ["Особая книга"], field: wrong}
    answer = librarian.post(f"/crafts/{number}/edit", data={**form, "do": "publish"})
    assert answer.status_code == 422
    assert told in answer.text or field in {"kind", "grade_to"}
    assert 'role="alert"' in answer.text
    assert "Особая книга" in answer.text
    assert stored(app, number) == before
    assert "Особая книга" in with_draft(librarian, f"/crafts/{number}/edit"), "it is kept as a draft"


def test_a_form_without_end_is_refused(app: Flask, librarian: FlaskClient, made: Made) -> None:
    number = made("Без конца")
    form = {**typed(app, number), "safety": ["д" * 300_000]}
    answer = librarian.post(f"/crafts/{number}/edit", data={**form, "do": "save"})
    assert answer.status_code == 422
    assert "слишком длинно" in answer.text


def test_a_draft_keeps_itself_and_is_thrown_away(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made
) -> None:
    number = made("Черновик сам")
    form = {**typed(app, number), "title": ["Почти готовый <title>"], "minutes": ["не число"]}
    path = f"/crafts/{number}/edit"
    answer = kept_on_the_way(librarian, path, form)
    assert re.search(r"Черновик сохранён в \d\d:\d\d", answer.json["said"])
    page = with_draft(librarian, path)
    assert "Почти готовый &lt;title&gt;" in page
    assert "Это ещё не сохранено" in page
    assert "Почти готовый" not in client.get(f"/crafts/{number}").text
    drop = re.search(r'formaction="(/drafts/[0-9a-f]+/drop)"', librarian.get(path).text)
    assert drop
    assert librarian.post(drop[1]).location == path
    assert "draft=" not in librarian.get(path).text


def test_preview_shows_what_was_typed_to_the_librarian_alone(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made
) -> None:
    number = made("Просмотр")
    form = {**typed(app, number), "title": ["Новое имя"]}
    shown = librarian.post(
        f"/crafts/{number}/edit", data={**form, "do": "preview"}, follow_redirects=True
    ).text
    assert "Новое имя" in shown
    assert "Так это увидят читатели" in shown
    assert client.get(f"/crafts/{number}/preview").status_code == 302
    assert "Новое имя" not in client.get(f"/crafts/{number}").text
    wrong = librarian.post(f"/crafts/{number}/edit", data={**form, "minutes": ["x"], "do": "preview"})
    assert librarian.get(wrong.location).location.startswith(f"/crafts/{number}/edit?draft=")


def test_a_copy_is_a_draft_with_the_same_pictures(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made, factory: ModuleType
) -> None:
    number = made("Оригинал")
    step = stored(app, number).steps[0].key
    for place in ("cover", f"step:{step}"):
        sent = {"files": (factory.photo(), "вид.jpg"), "place": place}
        assert librarian.post(f"/files/of/crafts/activity/{number}", data=sent).status_code in {200, 302}
    copied = int(librarian.post(f"/crafts/{number}/copy").location.split("/")[2])
    data = stored(app, copied)
    assert data.title == "Оригинал (копия)"
    assert data.uid != stored(app, number).uid
    assert [each.key for each in data.steps] == [each.key for each in stored(app, number).steps]
    page = librarian.get(f"/crafts/{copied}").text
    assert len(re.findall(r"src=\"/files/\d+/preview/", page)) == 2, "cover and step"
    assert client.get(f"/crafts/{copied}").status_code == 404


def test_pictures_of_a_draft_are_for_nobody_else(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made, factory: ModuleType
) -> None:
    number = made("С картинкой", state="draft")
    sent = {"files": (factory.photo(), "вид.jpg"), "place": "cover"}
    librarian.post(f"/files/of/crafts/activity/{number}", data=sent)
    address = re.search(r'src="(/files/\d+/preview/\d+)"', librarian.get(f"/crafts/{number}").text)
    assert address
    for browser, seen in ((client, False), (librarian, True)):
        with browser.get(address[1]) as answer:
            assert (answer.status_code == 200) is seen
    refused = client.post(f"/files/of/crafts/activity/{number}", data={"place": "cover"})
    assert refused.status_code in {302, 403, 404}


def test_a_step_may_have_a_film_and_a_sheet_may_be_a_pdf(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made
) -> None:
    number = made("С фильмом")
    key = stored(app, number).steps[0].key
    film = io.BytesIO(b"\0\0\0\x18ftypisom" + b"\0" * 64)
    for content_, name, place in (
        (film, "шаг.mp4", f"step:{key}"),
        (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "Лист.pdf", "template"),
    ):
        sent = {"files": (content_, name), "place": place}
        assert librarian.post(f"/files/of/crafts/activity/{number}", data=sent).status_code in {200, 302}
    for page in ("", "/steps/1"):
        assert re.search(
            r'<video class="step-picture"[^>]*src="/files/\d+/', client.get(f"/crafts/{number}{page}").text
        )
    assert "Лист.pdf" in client.get(f"/crafts/{number}").text
    assert "Откройте и напечатайте отдельно" in client.get(f"/crafts/{number}/print").text


def test_archive_and_back(app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made) -> None:
    number = made("В архив")
    state = f"/crafts/{number}/state"
    librarian.post(f"/crafts/{number}/archive")
    assert client.get(f"/crafts/{number}").status_code == 404
    assert "В архив" not in librarian.get("/crafts/manage").text.partition('id="rows"')[2]
    assert f"/crafts/{number}/edit" in librarian.get("/crafts/manage?state=archived").text
    librarian.post(f"/crafts/{number}/restore")
    assert client.get(f"/crafts/{number}").status_code == 200
    librarian.post(state, data={"state": "draft"})
    assert client.get(f"/crafts/{number}").status_code == 404
    librarian.post(state, data={"state": "published"})
    assert client.get(f"/crafts/{number}").status_code == 200
    assert librarian.post(state, data={"state": "gone"}).status_code == 400


def test_the_table_is_searched_and_shows_numbers(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made
) -> None:
    number = made("Редкая находка")
    client.get(f"/crafts/{number}")
    rows = librarian.get("/crafts/manage?q=РЕДКАЯ").text.partition('id="rows"')[2]
    assert "Редкая находка" in rows
    assert re.findall(r'<td\b[^>]* class="count-cell">(\d+)</td>', rows) == ["1", "0", "0"]
    assert "Здесь ничего нет" in librarian.get("/crafts/manage?q=%25").text


def test_what_comes_back_from_the_archive_is_as_it_was(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made
) -> None:
    number = made("Недописанное", state="draft")
    librarian.post(f"/crafts/{number}/archive")
    assert "в архиве" in librarian.get(f"/crafts/{number}").text
    librarian.post(f"/crafts/{number}/restore")
    assert client.get(f"/crafts/{number}").status_code == 404
    assert "Недописанное" in librarian.get("/crafts/manage?state=draft").text
    librarian.post(f"/crafts/{number}/archive")
    assert change(librarian, number, typed(app, number), "save") == 302
    assert "Недописанное" in librarian.get("/crafts/manage?state=archived").text, "saving leaves it there"
    assert change(librarian, number, typed(app, number), "publish") == 302
    assert client.get(f"/crafts/{number}").status_code == 200


def bulk(browser: FlaskClient, numbers: list[int], action: str, state: str = "") -> TestResponse:
    return change_many(browser, "/crafts/manage", numbers, action, state=state)[1]


def test_many_are_published_taken_back_archived_and_restored_at_once(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made
) -> None:
    numbers = [made("Одна из многих"), made("Две из многих", state="draft"), made("Три из многих")]

    def seen() -> list[bool]:
        index_now(app)
        found = client.get("/search.json", query_string={"q": "из многих", "exact": "1"}).json
        titles = {hit["title"] for hit in found["results"]}
        pages = [client.get(f"/crafts/{number}").status_code == 200 for number in numbers]
        assert len({title for title in titles if title.endswith("из многих")}) == sum(pages)
        return pages

    preview = librarian.get(
        "/crafts/manage/preview", query_string={"id": numbers[:2], "change": "publish"}
    ).text
    assert "Одна из многих" in preview
    assert "Две из многих" in preview
    assert "Три из многих" not in preview
    assert seen() == [True, False, True], "nothing changes before a yes"
    assert "Изменено: 1" in bulk(librarian, numbers, "publish").text
    assert seen() == [True, True, True]
    assert "Изменено: 2" in bulk(librarian, numbers[1:], "draft").text
    assert seen() == [True, False, False]
    assert "Изменено: 3" in bulk(librarian, numbers, "archive").text
    assert seen() == [False, False, False]
    assert "Изменено: 3" in bulk(librarian, numbers, "restore", "archived").text
    assert seen() == [True, False, False]


def test_nothing_is_published_where_one_of_many_is_empty(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made
) -> None:
    numbers = [made("Полная", state="draft"), made("Пустая", state="draft", steps=())]
    assert "«Пустая»: " in bulk(librarian, numbers, "publish").text
    assert [client.get(f"/crafts/{number}").status_code for number in numbers] == [404, 404]


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("", {"publish", "draft", "archive"}),
        ("published", {"draft", "archive"}),
        ("draft", {"publish", "archive"}),
        ("archived", {"restore"}),
    ],
)
def test_each_state_offers_what_makes_sense_in_it(
    librarian: FlaskClient, made: Made, state: str, offered: set[str]
) -> None:
    made("Черновая", state="draft")
    librarian.post(f"/crafts/{made('Архивная')}/archive")
    rows = librarian.get(f"/crafts/manage?state={state}").text.partition('<select id="change"')[2]
    assert set(re.findall(r'<option value="(\w+)"', rows)) == offered


@pytest.mark.parametrize("role", ["guest", "student", "teacher", "parent"])
def test_only_the_librarian_edits(
    app: Flask, as_viewer: Callable[..., FlaskClient], made: Made, role: str
) -> None:
    number = made("Чужое")
    before, browser = stored(app, number), as_viewer(role)
    for page in ("edit", "preview", "pictures", "questions", "questions/add", "export"):
        assert browser.get(f"/crafts/{number}/{page}").status_code in {302, 403}, page
    for action in (
        "edit",
        "copy",
        "state",
        "archive",
        "restore",
        "questions/add",
        "questions/0/remove",
    ):
        assert browser.post(f"/crafts/{number}/{action}", data={"title": "x"}).status_code in {302, 403}
    assert browser.post("/crafts/add", data={"title": "x"}).status_code in {302, 403}
    for path in (
        "import",
        f"import/{'a' * 32}",
        f"import/{'a' * 32}/cancel",
        "manage/apply",
    ):
        sent = {"id": number, "change": "archive"}
        assert browser.post(f"/crafts/{path}", data=sent).status_code in {302, 403}, path
    assert browser.get("/crafts/manage/preview", query_string=sent).status_code in {302, 403}
    assert stored(app, number) == before


def test_an_activity_without_an_age_mark_is_saved_and_it_is_told(
    app: Flask, factory: ModuleType, librarian: FlaskClient, client: FlaskClient
) -> None:
    with app.app_context():
        number = rules.save(factory.sample("Тайная поделка", age=None), state="published")
    form = {**typed(app, number), "do": "publish"}
    answer = librarian.post(f"/crafts/{number}/edit", data=form, follow_redirects=True)
    assert "Возрастная метка не выбрана" in answer.text
    assert client.get(f"/crafts/{number}").status_code == 404
    assert change(librarian, number, {**typed(app, number), "age": ["6"]}, "publish") == 302
    assert client.get(f"/crafts/{number}").status_code == 200
