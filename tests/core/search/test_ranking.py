"""What comes first, what comes with it, and what is found in the files of an item."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from libhub.accounts.viewer import PUBLIC, STAFF_LABEL
from libhub.pages.search.labels import place_of
from libhub.search.asking import scoring, search, synonyms
from libhub.search.asking.search import Found, SearchRequest, match
from libhub.search.documents import Document, ItemRef, Part
from libhub.search.language import russian
from libhub.search.queries import Query, Scope
from libhub.search.store import entries
from libhub.search.store.index import Reading, SearchIndex
from libhub.search.store.writer import Writer
from libhub.testing import index_now
from plugins.resources import rules as resources
from plugins.resources.rules import ResourceData
from tests.core.search.conftest import query_words

PLUGINS, AGES = frozenset({"shelf"}), frozenset({0, 6})
GUEST = Scope(PLUGINS, frozenset({PUBLIC}), AGES)
STAFF = Scope(PLUGINS, frozenset({PUBLIC, STAFF_LABEL}), AGES)


@pytest.fixture(autouse=True)
def no_synonyms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synonyms, "in_force", lambda: ())


@pytest.fixture
def indexed(tmp_path: Path) -> Callable[..., SearchIndex]:
    def make(*documents: Document) -> SearchIndex:
        index = SearchIndex(tmp_path)
        folder = index.new_folder()
        with closing(Writer(folder, new=True)) as writer:
            writer.write(documents, (), 0, fresh=True)
        index.put_in_force(folder)
        return index

    return make


def book(key: str, title: str, text: str, *parts: Part, label: str = PUBLIC) -> Document:
    return Document(
        ItemRef("shelf", "book", key), title, text, frozenset({label}), 0, {"shelf": ["one"]}, parts=parts
    )


def page(number: int, text: str) -> Part:
    return Part(f"7.{number}", "Инструкция.pdf", "page", number, text, f"/files/7#page={number}")


def found(index: SearchIndex, text: str, scope: Scope = GUEST, **more: object) -> list[str]:
    answer = match(index.reading(), Query(query_words(f"{text} ", index, scope), scope, **more))  # type: ignore[arg-type]
    return [hit.ref.key for hit in answer.hits]


def others(number: int) -> Sequence[Document]:
    return [book(f"o{each}", "Разное", f"полка{each} стол{each} окно{each}") for each in range(number)]


# -- kin words -----------------------------------------------------------------------------------------


def test_a_word_that_begins_alike_supports_another_word(indexed: Callable[..., SearchIndex]) -> None:
    index = indexed(
        book("a", "Первая", "Ракета стоит на столе."),
        book("b", "Вторая", "Ракета и космонавтика в музее."),
        *others(200),
    )
    assert found(index, "космическая ракета") == ["b", "a"]


def test_a_word_that_begins_alike_finds_nothing_by_itself(indexed: Callable[..., SearchIndex]) -> None:
    index = indexed(book("b", "Вторая", "Космонавтика в музее."), *others(200))
    assert found(index, "космический") == []
    assert found(index, "космический корабль") == []


@pytest.mark.parametrize(
    ("form", "root"),
    [("космонавт", "косм"), ("поэзия", "поэз"), ("кот", None), ("дома", None), ("apollo", None)],
)
def test_only_longer_russian_words_have_a_root(form: str, root: str | None) -> None:
    assert russian.root(form) == root


# -- words that say nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["для", "и", "кто", "какой", "который", "этот", "когда", "почему", "его"])
def test_pronouns_and_questions_add_to_a_score_only(word: str) -> None:
    assert russian.is_function_word(word)


@pytest.mark.parametrize("word", ["книга", "читать", "красный", "год", "первый", "история"])
def test_other_words_find(word: str) -> None:
    assert not russian.is_function_word(word)


def test_a_question_is_answered_by_its_words(indexed: Callable[..., SearchIndex]) -> None:
    index = indexed(
        book("a", "Кто есть кто", "Какой он, кто это такой и когда он пришёл."),
        book("b", "Хирон", "Кентавр Хирон воспитал Ахилла."),
        *others(50),
    )
    assert found(index, "Кто воспитал Ахилла?")[0] == "b"
    assert found(index, "кто") == ["a"]


# -- the nearest ---------------------------------------------------------------------------------------


def test_where_few_have_enough_of_the_words_the_nearest_follow(indexed: Callable[..., SearchIndex]) -> None:
    both = [book("both", "Обе", "синица и кормушка")]
    one = [book(f"one{number}", "Одна", "кормушка из коробки") for number in range(15)]
    index = indexed(*both, *one, *others(200))
    answer = match(index.reading(), Query(query_words("синица кормушка ", index, GUEST), GUEST, limit=50))
    assert answer.hits[0].ref.key == "both"
    assert answer.total == scoring.NEAREST


def test_where_many_have_all_the_words_no_others_follow(indexed: Callable[..., SearchIndex]) -> None:
    both = [book(f"both{number}", "Обе", "синица и кормушка") for number in range(12)]
    index = indexed(*both, book("one", "Одна", "кормушка из коробки"), *others(200))
    assert len(found(index, "синица кормушка")) == 12


# -- abbreviations -------------------------------------------------------------------------------------


def test_a_title_is_found_by_its_first_letters(indexed: Callable[..., SearchIndex]) -> None:
    index = indexed(
        book("resh", "Российская электронная школа", "Уроки по всем предметам."),
        book("mks", "Международная космическая станция", "Дом на орбите."),
    )
    assert found(index, "РЭШ") == ["resh"]
    assert found(index, "мкс") == ["mks"]


def test_first_letters_that_are_a_word_are_no_abbreviation() -> None:
    assert set(entries.initials(["красивый", "осенний", "танец"])) == set()
    assert set(entries.initials(["российская", "электронная", "школа"])) == {"рэш"}


# -- inside files --------------------------------------------------------------------------------------


def shelf_with_files(indexed: Callable[..., SearchIndex]) -> SearchIndex:
    return indexed(
        book(
            "printer",
            "Принтер",
            "Как печатать.",
            page(1, "Включите принтер в розетку."),
            page(14, "Замените картридж, если печать бледная."),
            page(15, "Картридж сдают в переработку."),
        ),
        book("secret", "Пароли", "Для сотрудников.", page(3, "Картридж лежит в сейфе."), label=STAFF_LABEL),
        book("plain", "Картриджи для ручек", "Чернила."),
        *others(60),
    )


def test_a_file_is_found_at_the_page_under_its_item_once(indexed: Callable[..., SearchIndex]) -> None:
    index = shelf_with_files(indexed)
    answer = match(index.reading(), Query(query_words("бледная печать ", index, GUEST), GUEST))
    assert [hit.ref.key for hit in answer.hits] == ["printer"]
    part = answer.hits[0].part
    assert part is not None
    assert (part.number, part.url) == (14, "/files/7#page=14")
    assert place_of(part) == "стр.\xa014 · Инструкция.pdf"
    assert "бледная" in answer.hits[0].text


def test_items_are_counted_not_their_pages(indexed: Callable[..., SearchIndex]) -> None:
    index = shelf_with_files(indexed)
    query = Query(query_words("картридж ", index, GUEST), GUEST, facet_names=("shelf",))
    answer = match(index.reading(), query)
    assert (answer.total, sorted(hit.ref.key for hit in answer.hits)) == (2, ["plain", "printer"])
    assert answer.facets == {"shelf": {"one": 2}}
    assert index.reading().ask(lambda snapshot: scoring.total(snapshot, query)) == 2


def test_who_may_not_find_the_item_finds_no_page_of_it(indexed: Callable[..., SearchIndex]) -> None:
    index = shelf_with_files(indexed)
    assert (
        sorted(found(index, "картридж в сейфе")) == sorted(found(index, "картридж")) == ["plain", "printer"]
    )
    assert "secret" in found(index, "картридж", STAFF)
    assert index.reading().count_visible("form", [["сейфе"]], GUEST) == [0]
    assert index.reading().count_visible("form", [["сейфе"]], STAFF) == [1]


def test_filters_of_an_item_hold_for_its_pages(indexed: Callable[..., SearchIndex]) -> None:
    index = shelf_with_files(indexed)
    assert found(index, "бледная печать", facets={"shelf": frozenset({"one"})}) == ["printer"]
    assert found(index, "бледная печать", facets={"shelf": frozenset({"two"})}) == []


def test_title_and_page_together_answer_a_query(indexed: Callable[..., SearchIndex]) -> None:
    index = shelf_with_files(indexed)
    answer = match(index.reading(), Query(query_words("принтер переработка ", index, GUEST), GUEST))
    assert answer.hits[0].part is not None
    assert answer.hits[0].part.number == 15


# -- answers at hand -----------------------------------------------------------------------------------


def test_an_answer_is_remembered_until_the_index_changes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    find = search.find

    def counted(state: Reading, scope: Scope, request: SearchRequest, *more: Any) -> Found:
        asked.append(request.text)
        return find(state, scope, request, *more)

    monkeypatch.setattr(search, "find", counted)
    browser = app.test_client()

    def answer(text: str) -> Any:
        return browser.get("/search.json", query_string={"q": text}).json

    first = answer("сказки")
    assert answer("сказки") == first
    answer("былины")
    assert asked == ["сказки", "былины"]
    assert browser.get("/search.json?q=сказки&limit=1").json["results"] == first["results"][:1]
    assert asked == ["сказки", "былины", "сказки"], "another page is another answer"
    with app.app_context():
        resources.save(ResourceData(age=0, title="Ещё сказки", url="https://example.org/more"))
    index_now(app)
    assert answer("сказки")["total"] == first["total"] + 1
    assert asked[3:] == ["сказки"]
