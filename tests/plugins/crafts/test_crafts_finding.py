"""Finding something to do: facets, what is at hand, holidays, chance; and what nobody may find."""

import re
from collections.abc import Callable
from datetime import date
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.testing import index_now, viewer_with
from plugins.crafts import holidays, rules
from plugins.crafts.activity_data import MaterialData
from plugins.crafts.finding import materials_at_hand, nearest_holidays
from plugins.crafts.pages import browsing

Made = Callable[..., int]


def titles(app: Flask, **chosen: frozenset[str]) -> set[str]:
    viewer = viewer_with(app, None)
    with app.app_context():
        query = browsing.LISTING.query(viewer, chosen)
        return {activity.title for activity in rules.db.session.scalars(query)}


def at_hand(app: Flask, *having: str) -> tuple[set[str], dict[str, tuple[str, ...]]]:
    viewer = viewer_with(app, None)
    with app.app_context():
        ready, nearly = materials_at_hand.at_hand(viewer, having)
        return {fit.activity.title for fit in ready}, {fit.activity.title: fit.missing for fit in nearly}


def test_facets_narrow_the_list(app: Flask, made: Made) -> None:
    made("Долгая", minutes=80, kind="board_game", difficulty=3, age=6, seasons=("summer",), grade_from=9)
    for chosen in (
        {"kind": frozenset({"board_game"})},
        {"difficulty": frozenset({"3"})},
        {"grade": frozenset({"11"}), "kind": frozenset({"board_game", "drawing"})},
        {"season": frozenset({"summer"}), "difficulty": frozenset({"3"})},
    ):
        assert titles(app, **chosen) == {"Долгая"}
    assert "Долгая" not in titles(app, time=frozenset({"40"}))
    assert "Долгая" in titles(app, time=frozenset({"20", "90"}))
    assert "Долгая" not in titles(app, grade=frozenset({"8"}))
    assert "Долгая" in titles(app, material=frozenset({"цветная бумага"}))


def test_counts_agree_with_the_list(app: Flask, client: FlaskClient) -> None:
    viewer = viewer_with(app, None)
    filters = {"time": frozenset({"20"}), "material": frozenset({"бумага"})}
    with app.test_request_context():
        counted = browsing.LISTING.counts(viewer, filters)
    for value, number in counted["kind"].items():
        assert len(titles(app, **filters, kind=frozenset({value}))) == number
    page = client.get("/crafts/?time=20&material=бумага").text
    assert f"{len(titles(app, **filters))} заняти" in page


def test_of_words_the_most_frequent_are_offered_and_the_chosen_one(
    app: Flask, client: FlaskClient, made: Made
) -> None:
    for number in range(14):
        made(f"Занятие {number}", techniques=tuple(f"приём {place:02}" for place in range(number + 1)))
    index_now(app)
    offered = re.compile(r'name="technique" value="([^"]+)"')
    page = client.get("/crafts/").text
    assert len(offered.findall(page)) == 12
    assert "приём 13" not in offered.findall(page)
    chosen = offered.findall(client.get("/crafts/", query_string={"technique": "приём 13"}).text)
    assert "приём 13" in chosen
    assert len(chosen) == 13


def test_what_the_list_does_not_know_goes_into_no_link(client: FlaskClient) -> None:
    strange = {"_external": "1", "_scheme": "x", "_anchor": "y", "endpoint": "z", "time": "20", "letter": "А"}
    answer = client.get("/crafts/", query_string=strange)
    assert answer.status_code == 200
    assert 'href="/crafts/random?time=20"' in answer.text


@pytest.mark.parametrize(
    "having",
    [
        ("цветная бумага", "клей"),
        ("Цветной бумаги", "клея"),
        ("листы цветной бумаги", "клей-карандаш"),
        ("газеты", "клеем"),
    ],
)
def test_what_is_there_in_whatever_form_and_number(app: Flask, made: Made, having: tuple[str, ...]) -> None:
    made("Клеёная вещь")
    ready, nearly = at_hand(app, *having, "ножницами")
    assert "Клеёная вещь" in ready
    assert "Клеёная вещь" not in nearly
    ready, nearly = at_hand(app, *having)
    assert "Клеёная вещь" not in ready
    assert nearly["Клеёная вещь"] == ("ножницы",)


def test_plain_paper_is_no_coloured_paper_and_what_is_optional_does_not_count(app: Flask, made: Made) -> None:
    made("Яркая", materials=(MaterialData("цветная бумага"), MaterialData("блёстки", optional=True)))
    assert "Яркая" in at_hand(app, "цветная бумага")[0]
    assert "Яркая" not in at_hand(app, "бумага")[0]
    assert "Яркая" not in at_hand(app, "бумага")[1], "who has nothing of it is not one thing away"
    assert at_hand(app, "", "и") == (set(), at_hand(app, "", "и")[1])


def test_the_same_thing_has_one_name_in_lists(app: Flask, made: Made) -> None:
    one = made("Первая", materials=(MaterialData("медная проволока"),))
    other = made("Вторая", materials=(MaterialData("Медной проволоки"),))
    with app.app_context():
        labels = [rules.get(number).materials[0].label for number in (one, other)]
        names = [rules.get(number).materials[0].name for number in (one, other)]
    assert labels == ["медная проволока"] * 2
    assert names == ["медная проволока", "Медной проволоки"]


def test_the_page_of_what_is_at_hand(client: FlaskClient) -> None:
    page = client.get("/crafts/at-hand").text
    assert 'value="ножницы"' in page
    found = client.get("/crafts/at-hand", query_string={"have": ["бумага"], "more": "ножниц; <script>"}).text
    assert "Снежинка с шестью лучами" in found
    assert "Ещё нужно: скрепка" in found
    assert "<script>" not in found.partition("<main")[2]
    assert "Этого пока мало" in client.get("/crafts/at-hand?more=якорь").text


@pytest.mark.parametrize(
    ("year", "code", "day"),
    [
        (2026, "mothers", date(2026, 11, 29)),
        (2026, "school_library", date(2026, 10, 26)),
        (2026, "fathers", date(2026, 10, 18)),
        (2026, "easter", date(2026, 4, 12)),
        (2025, "easter", date(2025, 4, 20)),
        (2024, "maslenitsa", date(2024, 3, 17)),
        (2027, "new_year", date(2027, 1, 1)),
    ],
)
def test_days_of_holidays(year: int, code: str, day: date) -> None:
    assert holidays.HOLIDAYS[code].day_of(year) == day


def test_a_holiday_comes_up_two_weeks_before(app: Flask) -> None:
    assert "mothers" not in [each.code for each in holidays.near(date(2026, 11, 14))]
    assert [each.code for each in holidays.near(date(2026, 11, 15))] == ["mothers"]
    today = holidays.near(date(2026, 11, 29))[0]
    assert (today.code, today.days_left) == ("mothers", 0)
    assert [each.code for each in holidays.near(date(2026, 12, 20))] == ["new_year"], (
        "over the end of the year"
    )
    viewer = viewer_with(app, None)
    with app.app_context():
        found = nearest_holidays.nearest(viewer, date(2026, 11, 24))
        assert found is not None
        assert "Тюльпан на открытку" in [activity.title for activity in found[1]]
        assert nearest_holidays.nearest(viewer, date(2026, 7, 20)) is None


def test_chance_keeps_to_the_filters(
    app: Flask, client: FlaskClient, number_of: Callable[[str], int]
) -> None:
    quizzes = {number_of("viktorina-pushkin"), number_of("viktorina-skazki")}
    for _try in range(6):
        location = client.get("/crafts/random?kind=quiz").location
        assert int(location.rpartition("/")[2]) in quizzes
    assert client.get("/crafts/random?kind=puzzle").location == "/crafts/"


def test_search_finds_activities_by_steps_and_materials(app: Flask, client: FlaskClient) -> None:
    for query, title in (
        ("что сделать из бумаги за 20 минут", "Стаканчик из бумаги"),
        ("как сделать вулкан из соды", "Домашний вулкан"),
        ("заправьте их внутрь в карман", "Закладка-уголок «Зубастик»"),
        ("кто изобрел радио", "Александр Попов: как услышать молнию"),
        ("поделка ко дню матери", "Открытка с сюрпризом"),
        ("пакета из-под сока", "Кормушка из пакета"),
    ):
        found = client.get("/search.json", query_string={"q": query, "section": "crafts"}).json
        assert found is not None
        assert title in [hit["title"] for hit in found["results"][:5]], query


def test_drafts_archived_ones_and_age_marks_are_for_nobody_else(
    app: Flask, client: FlaskClient, librarian: FlaskClient, as_viewer: Callable[..., FlaskClient], made: Made
) -> None:
    hidden = [made("Тайный черновик", state="draft"), made("Тайный архив"), made("Тайный взрослый", age=16)]
    librarian.post(f"/crafts/{hidden[1]}/archive")
    index_now(app)
    pupil = as_viewer("student", age_limit=12)
    for browser in (client, pupil):
        for path in ("/crafts/", "/crafts/?grade=5", "/crafts/holidays", "/crafts/at-hand?have=клей", "/"):
            assert "Тайный" not in browser.get(path).text
        found = browser.get("/search.json", query_string={"q": "тайный", "exact": "1"}).json
        assert not [hit for hit in found["results"] if "Тайный" in hit["title"]]
        for number in hidden:
            for page in ("", "/steps/1", "/done", "/shopping", "/print", "/quiz", "/works", "/works/add"):
                assert browser.get(f"/crafts/{number}{page}").status_code in {302, 404}, page
                assert "Тайный" not in browser.get(f"/crafts/{number}{page}").text
            assert browser.post(f"/crafts/{number}/made").status_code == 404
    assert librarian.get(f"/crafts/{hidden[0]}").status_code == 200
    grown = as_viewer("student", age_limit=16)
    assert "Тайный взрослый" in grown.get(f"/crafts/{hidden[2]}").text


def test_every_list_shows_uploaded_covers(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made, factory: ModuleType
) -> None:
    number = made("С обложкой")
    answer = librarian.post(
        f"/files/of/crafts/activity/{number}",
        data={"files": (factory.photo(size=(800, 500)), "обложка.jpg"), "place": "cover"},
    )
    assert answer.status_code in {200, 302}, answer.text
    assert "/preview/320" in client.get("/crafts/?season=winter").text
