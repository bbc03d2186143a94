"""Words inside files in search: found by those who may see the item, and by nobody else, not even as a number."""

import random
from collections.abc import Callable
from itertools import product
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts.permissions import GUEST, LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.accounts.viewer import PUBLIC, SIGNED_IN, STAFF_LABEL
from libhub.api import Attachment, ItemRef, detach, rename_file
from libhub.files.reading.queue import read_next
from libhub.plugging.switching import switch
from libhub.testing import PROGRAM, counted_queries, index_now, sign_in, viewer_with
from tests.files import documents

AddFile = Callable[..., Attachment]
THINGS = list(product((PUBLIC, SIGNED_IN, STAFF_LABEL), (0, 12, 18), (False, True)))
LETTERS = "абвгдежзиклмнопрст"


def word(number: int) -> str:
    """Return a word that stands in just one file, and is like no other."""
    return "".join(random.Random(number).choices(LETTERS, k=14))


def settle(app: Flask) -> None:
    with app.app_context():
        while read_next():
            pass
    index_now(app)


def found(browser: FlaskClient, text: str) -> list[dict[str, object]]:
    answer = browser.get(f"/search.json?q={quote(text)}").json
    assert answer["total"] == len(answer["results"])
    return list(answer["results"])


def test_words_in_files_are_as_hidden_as_their_items(app: Flask, add_file: AddFile) -> None:
    for number, (label, age, draft) in enumerate(THINGS):
        content = documents.pdf(["начало", f"здесь {word(number)} лежит"])
        add_file(content, f"{number}.pdf", key=f"thing{number}", label=label, age=age, draft=draft)
    settle(app)
    people = [(GUEST, None), *product((STUDENT, PARENT, TEACHER, LIBRARIAN), (6, 12, 18))]
    for role, age_limit in people:
        browser = sign_in(app, role, age_limit=age_limit)
        viewer = viewer_with(app, None if role == GUEST else f"{role}-{age_limit}")
        seen = 0
        for number, (label, age, draft) in enumerate(THINGS):
            results = found(browser, word(number))
            sees = not draft and viewer.may_see(frozenset({label}), age)
            assert [result["uid"] for result in results] == ([f"shelf/thing/thing{number}"] if sees else [])
            seen += sees
            if sees:
                part = results[0]["part"]
                assert part == {"place": f"стр.\xa02 · {number}.pdf", "url": part["url"]}  # type: ignore[index]
                assert str(part["url"]).endswith(f"/{number}.pdf#page=2")  # type: ignore[index]
                assert word(number) in str(results[0]["snippet"])
            else:
                for path in ("/search?q=", "/search/suggest?q="):
                    text = browser.get(path + quote(word(number))).text
                    assert f"{number}.pdf" not in text
                    assert "здесь" not in text
        assert 0 < seen < len(THINGS)


@pytest.mark.parametrize("change", ["hidden", "removed", "off"])
def test_words_are_gone_with_their_file(
    app: Flask, client: FlaskClient, add_file: AddFile, put: Callable[..., ItemRef], change: str
) -> None:
    added = add_file(documents.pdf([word(0)]), "a.pdf")
    settle(app)
    assert len(found(client, word(0))) == 1
    if change == "hidden":
        put("вещь", draft=True)
    elif change == "removed":
        with app.app_context():
            detach(added.id)
        index_now(app)
    else:
        with app.app_context():
            switch("shelf", enable=False, actor=PROGRAM)
    assert found(client, word(0)) == []


def test_a_new_name_is_shown_in_results(app: Flask, client: FlaskClient, add_file: AddFile) -> None:
    added = add_file(documents.pdf([word(0)]), "a.pdf")
    settle(app)
    with app.app_context():
        rename_file(added.id, "Инструкция")
    index_now(app)
    assert found(client, word(0))[0]["part"]["place"] == "стр.\xa01 · Инструкция.pdf"  # type: ignore[index]


def test_pages_with_files_ask_as_little_with_many_as_with_few(
    app: Flask, librarian: FlaskClient, add_file: AddFile
) -> None:
    def count() -> list[int]:
        numbers = []
        for path in (
            "/files/of/shelf/thing/вещь",
            "/shelf/вещь",
            "/admin/plugins",
            f"/files/{first.id}/read",
        ):
            librarian.get(path)
            with counted_queries(app) as log:
                assert librarian.get(path).status_code == 200
            numbers.append(len(log))
        return numbers

    first = add_file(b"0", "0.txt")
    settle(app)
    few = count()
    for number in range(1, 30):
        add_file(str(number).encode(), f"{number}.txt")
    assert count() == few
    assert max(few) <= 12
