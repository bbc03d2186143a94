"""What search quotes reads like text."""

import pytest
from flask.testing import FlaskClient

from libhub.api import sentences
from libhub.search.language import russian


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (("Карта на стену", "бумага; клей"), "Карта на стену.\nБумага; клей."),
        (("Готово!", "Читайте дальше…", "", "  "), "Готово!\nЧитайте дальше…"),
        (("Нужно:\nклей;\nножницы",), "Нужно:\nКлей;\nНожницы."),
        (("Сказка «Репка»", "Кричит: «Помогите!»"), "Сказка «Репка».\nКричит: «Помогите!»"),
        (("12 книг (новых)",), "12 книг (новых)."),
        ((), ""),
    ],
)
def test_every_piece_is_a_sentence(texts: tuple[str, ...], joined: str) -> None:
    assert sentences(*texts) == joined
    assert [word.form for word in russian.words(joined)] == [
        word.form for word in russian.words("\n".join(texts))
    ], "what is found by is the same"


@pytest.mark.parametrize(
    ("query", "quoted"),
    [
        ("выставка новых книг", "Абонемент. Книги"),
        ("стаканчик из бумаги", "в походе. Бумага"),
        ("крупнейшее собрание нот и карт", "карт. Крупнейшее"),
    ],
)
def test_the_starter_content_is_quoted_with_stops(client: FlaskClient, query: str, quoted: str) -> None:
    results = client.get("/search.json", query_string={"q": query}).json
    assert results
    snippets = [
        each["snippet"].replace("<mark>", "").replace("</mark>", "").replace("\n", " ")
        for each in results["results"]
    ]
    assert any(quoted in snippet for snippet in snippets), snippets
