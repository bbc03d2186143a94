"""What is done rests on what was seen: of two who saw the same, the second is told and changes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.api import StaleView, lazy_gettext, mark_of, refuse_stale, writing
from libhub.testing import change_many, form_of, sign_in
from plugins.resources import rules
from plugins.resources.rules import ResourceData


@dataclass(frozen=True)
class Thing:
    title: str
    tags: frozenset[str]


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (([1, 2],), ((1, 2),), ([2, 1],)),
        (([(1, [2, 3]), (4, [])],), ([(1, [2, 3]), (4, [])],), ([(1, [2]), (4, [3])],)),
        (({"а": 1, "б": 2},), ({"б": 2, "а": 1},), ({"а": 2, "б": 1},)),
        ((Thing("т", frozenset("аб")),), (Thing("т", frozenset("ба")),), (Thing("т", frozenset("а")),)),
        ((None,), (None,), (0,)),
        ((0,), (0,), (False,)),
        (("1",), ("1",), (1,)),
        (("а", "б"), ("а", "б"), ("аб",)),
        ((date(2026, 9, 1),), (date(2026, 9, 1),), (date(2026, 9, 2),)),
        ((lazy_gettext("Saved."),), (lazy_gettext("Saved."),), (lazy_gettext("Home"),)),
        (("\ud800",), ("\ud800",), ("\ud801",)),
    ],
)
def test_a_mark_is_that_of_what_is_shown(app: Flask, one: Any, same: Any, other: Any) -> None:
    with app.test_request_context():
        assert mark_of(*one) == mark_of(*same) != mark_of(*other)


def test_another_state_is_refused_and_only_a_writer_may_compare(app: Flask) -> None:
    with app.app_context():
        with writing():
            refuse_stale(mark_of([1, 2]), [1, 2])
            for seen in (mark_of([2, 1]), "", "x"):
                with pytest.raises(StaleView):
                    refuse_stale(seen, [1, 2])
        with pytest.raises(RuntimeError):
            refuse_stale(mark_of([1, 2]), [1, 2])


def resource(app: Flask, title: str, **more: Any) -> int:
    with app.app_context():
        return rules.save(ResourceData(age=0, title=title, url=f"https://seen.example.org/{title}", **more))


def stored(app: Flask, number: int) -> ResourceData:
    with app.app_context():
        return rules.data_of(rules.get(number))


def save(app: Flask, number: int, **values: Any) -> None:
    with app.app_context():
        rules.save(rules.replace(rules.data_of(rules.get(number)), **values), number)


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    return sign_in(app, "librarian")


TABLE = "/resources/manage"


def test_what_was_changed_after_the_preview_stays_and_is_named(app: Flask, librarian: FlaskClient) -> None:
    first, second = resource(app, "Первый"), resource(app, "Второй")
    asked = {"id": [first, second], "change": "kind=tales", "q": "р", "page": "1"}
    preview = librarian.get(f"{TABLE}/preview", query_string=asked)
    assert "сейчас: другое" in preview.text.lower()
    sent = form_of(preview.text, f"{TABLE}/apply")
    save(app, second, kind="media")
    answer = librarian.post(f"{TABLE}/apply", data=sent)
    assert stored(app, first).kind == "tales"
    assert stored(app, second).kind == "media"
    assert answer.location.startswith(f"{TABLE}/preview?")
    told = librarian.get(answer.location).text
    assert "Изменено: 1" in told
    assert "остались как есть: Второй." in told
    assert "Первый" not in told
    librarian.post(f"{TABLE}/apply", data=form_of(told, f"{TABLE}/apply"))
    assert stored(app, second).kind == "tales", "who has seen it as it is now may change it"


def test_what_the_action_does_not_concern_may_be_changed_meanwhile(
    app: Flask, librarian: FlaskClient
) -> None:
    number = resource(app, "Третий")
    preview = librarian.get(f"{TABLE}/preview", query_string={"id": number, "change": "kind=tales"})
    save(app, number, description="Иначе")
    librarian.post(f"{TABLE}/apply", data=form_of(preview.text, f"{TABLE}/apply"))
    assert (stored(app, number).kind, stored(app, number).description) == ("tales", "Иначе")


@pytest.mark.parametrize("mark", [None, "", "0" * 20])
def test_without_a_preview_nothing_is_changed(app: Flask, librarian: FlaskClient, mark: str | None) -> None:
    number = resource(app, "Четвёртый")
    sent = {"id": number, "change": "kind=tales"} | ({} if mark is None else {f"seen-{number}": mark})
    assert librarian.post(f"{TABLE}/apply", data=sent).location.startswith(f"{TABLE}/preview?")
    assert stored(app, number).kind == "other"


def test_a_preview_changes_nothing_however_often_it_is_loaded(app: Flask, librarian: FlaskClient) -> None:
    number = resource(app, "Пятый")
    preview, table = change_many(librarian, TABLE, [number], "kind=tales")
    again = librarian.get(f"{TABLE}/preview", query_string={"id": number, "change": "kind=tales"})
    assert preview.status_code == again.status_code == 200
    assert table.status_code == 200
    assert librarian.post(f"{TABLE}/preview", data={"id": number}).status_code == 405


def at_once(*presses: Callable[[], Any]) -> list[Any]:
    """Press at the same moment, each in a thread of its own."""
    ready = Barrier(len(presses))

    def press(each: Callable[[], Any]) -> Any:
        ready.wait(30)
        return each()

    with ThreadPoolExecutor(len(presses)) as pool:
        return [done.result(60) for done in [pool.submit(press, each) for each in presses]]


def test_of_many_who_saw_the_same_one_changes_it(app: Flask) -> None:
    number = resource(app, "Шестой")
    kinds = ("tales", "media", "culture", "science")
    browsers = [sign_in(app, "librarian", username=f"lib{place}") for place in range(len(kinds))]
    forms = [
        form_of(
            browser.get(f"{TABLE}/preview", query_string={"id": number, "change": f"kind={kind}"}).text,
            f"{TABLE}/apply",
        )
        for browser, kind in zip(browsers, kinds, strict=True)
    ]
    answers = at_once(
        *(
            lambda browser=browser, form=form: browser.post(f"{TABLE}/apply", data=form).location
            for browser, form in zip(browsers, forms, strict=True)
        )
    )
    assert sorted("/preview?" in answer for answer in answers) == [False, True, True, True]
    won = next(kind for kind, answer in zip(kinds, answers, strict=True) if "/preview?" not in answer)
    assert stored(app, number).kind == won
