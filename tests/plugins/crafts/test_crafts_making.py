"""Pages for those who are making something, and what is counted without names."""

import re
from collections.abc import Callable
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from libhub.testing import counted_queries, forget_remembered
from plugins.crafts import managing, report
from plugins.crafts.activity_data import StepData

Made = Callable[..., int]


def test_steps_one_by_one_with_links_both_ways(client: FlaskClient, made: Made) -> None:
    number = made("Три шага", steps=tuple(StepData(f"Шаг <b>{n}</b>", warning="Горячо") for n in range(3)))
    first, second, last = (client.get(f"/crafts/{number}/steps/{n}").text for n in (1, 2, 3))
    assert "Шаг 1 из 3" in first
    assert "&lt;b&gt;0&lt;/b&gt;" in first
    assert "Горячо" in first
    assert re.search(rf'rel="prev" href="/crafts/{number}"', first)
    assert re.search(rf'rel="prev" href="/crafts/{number}/steps/1"', second)
    assert re.search(rf'rel="next" href="/crafts/{number}/steps/3"', second)
    assert re.search(rf'rel="next" href="/crafts/{number}/done"', last)
    assert '<progress value="2" max="3"' in second
    for nothing in ("0", "4", "99999999999999999999"):
        assert client.get(f"/crafts/{number}/steps/{nothing}").status_code == 404


def test_a_step_comes_as_a_fragment_too(client: FlaskClient, made: Made) -> None:
    answer = client.get(f"/crafts/{made()}/steps/1", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "data-making" in answer.text


def test_the_page_says_how_to_in_a_way_machines_read(client: FlaskClient, made: Made) -> None:
    page = client.get(f"/crafts/{made()}").text
    assert 'itemtype="https://schema.org/HowTo"' in page
    assert page.count('itemtype="https://schema.org/HowToStep"') == 2
    assert page.count('itemtype="https://schema.org/HowToSupply"') == 2
    assert 'itemtype="https://schema.org/HowToTool"' in page
    assert 'content="PT15M"' in page


def test_the_shopping_list(client: FlaskClient, made: Made) -> None:
    number = made("Для класса")
    page = client.get(f"/crafts/{number}/shopping?children=28").text
    assert "56 листов" in page
    assert "6 упаковок" in page
    for wrong in ("0", "-1", "сто", "1001", "9" * 40, "²"):
        answer = client.get(f"/crafts/{number}/shopping", query_string={"children": wrong})
        assert answer.status_code == 422
        assert "Напишите число от 1 до 1000" in answer.text


def test_opened_printed_and_made_are_counted_without_names(
    app: Flask, client: FlaskClient, pupil: FlaskClient, made: Made
) -> None:
    number = made("Считаем", state="published")
    client.get(f"/crafts/{number}")
    pupil.get(f"/crafts/{number}")
    pupil.get(f"/crafts/{number}/print")
    assert pupil.post(f"/crafts/{number}/made").location == f"/crafts/{number}"
    with app.app_context():
        assert managing.counts_of([number])[number] == {"opened": 2, "printed": 1, "made": 1}
        ever = report.statistics(date(2000, 1, 1), date(2100, 1, 1))
        before = report.statistics(date(2000, 1, 1), date(2000, 1, 2))
    assert list(ever.values()) == [25, 2, 1, 1, 0]
    assert list(before.values()) == [25, 0, 0, 0, 0]


def test_pages_of_an_activity_ask_little(app: Flask, client: FlaskClient, made: Made) -> None:
    short = made("Короткая")
    long = made("Длинная", steps=tuple(StepData(f"Шаг {n}") for n in range(60)))
    for page in ("", "/steps/1", "/print", "/shopping", "/works"):
        spent = []
        for number in (short, long):
            client.get(f"/crafts/{number}{page}")
            forget_remembered(app)
            with counted_queries(app) as log:
                client.get(f"/crafts/{number}{page}")
            spent.append(len(log))
        assert spent[0] == spent[1], page
        assert spent[0] <= 16, (
            page
        )  # seven or more are the count's, which a serving process writes afterwards
