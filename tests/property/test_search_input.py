"""Whatever somebody types: an answer of bounded size, no error, no script."""

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from libhub.search.asking import snippets
from libhub.search.asking.search import MAX_LIMIT
from libhub.search.language import russian
from libhub.testing import index_now, make_app, release
from plugins.resources import rules
from plugins.resources.rules import ResourceData

SPECIAL = [
    "*",
    "?",
    '"',
    "'",
    "«",
    "\\",
    "(",
    "a AND (b OR",
    "title:x^9999",
    "[a TO",
    "~",
    "%",
    "_",
    "%00",
    "\x00",
    "\x1f",
    "\ufeff",
    "\u202e",
    "' OR 1=1; DROP TABLE core_user; --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "{% raise %}",
    "${7*7}",
    "../../etc/passwd",
    "🧚‍♀️📚",
    "İıſßﬁ",
    "е\u0308ж",
    "сказки " * 1500,
    "a" * 10_000,
    "ы" * 10_000,
    "* " * 5000,
    "-",
    " ",
    "сказки\r\nSet-Cookie: a=b",
]
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=60),
    st.sampled_from(SPECIAL),
    st.lists(st.sampled_from([*SPECIAL[:27], "сказки", "для", "малышей"]), max_size=6).map(" ".join),
)
WORDS = st.text(
    st.one_of(
        st.sampled_from("абвёЁж -.,<>&'\"\u00ad\u0301\u200b\n"), st.characters(exclude_categories=("Cs",))
    ),
    max_size=400,
)
ARGUMENTS = st.dictionaries(
    st.sampled_from(
        ["page", "limit", "section", "age", "access", "for_whom", "endpoint", "_external", "_anchor", "_scheme",
         "values", "self", "q2", "", "utm_source"]
    ),
    st.one_of(st.sampled_from(["1", "0", "-1", "9" * 30, "²", "resources", "free", "12", "x=y", "\x1f"]), TEXT),
    max_size=4,
)  # fmt: skip
QUICK = settings(
    max_examples=120,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def hub(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    instance = tmp_path_factory.mktemp("input") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = make_app(instance)
    with app.app_context():
        for number in range(30):
            title = f"Сказки <b>№ {number}</b> & {SPECIAL[number % 20]}".replace("\x00", "")
            rules.save(ResourceData(age=0, title=title, url=f"https://example.org/{number}", access="free"))
    index_now(app)
    yield app
    release(app)


def check_page(text: str) -> None:
    """A page holds only the hub's own scripts, and is of bounded size."""
    assert len(text) < 300_000
    for tag in re.findall(r"<script[^>]*>", text, re.I):
        assert re.fullmatch(
            r'<script src="/(?:static|assets)/[\w./?=&;-]+"( data-htmx="/static/[\w./?=&;-]+")? defer>', tag
        ), tag
    assert not re.search(r"<img[^>]*onerror", text, re.I)
    assert "49" not in re.findall(r"<h1>[^<]*</h1>", text)


@QUICK
@given(text=TEXT, arguments=ARGUMENTS)
@example("сказки", {"limit": "1", "page": "2", "endpoint": "x", "_scheme": "evil", "_external": "1"})
@example("сказки", {"_scheme": "javascript", "limit": "1"})
def test_any_question_gets_an_answer(hub: Flask, text: str, arguments: dict[str, str]) -> None:
    query = {**arguments, "q": text}
    browser = hub.test_client()
    for headers in ({}, {"HX-Request": "true"}):
        answer = browser.get("/search", query_string=query, headers=headers)
        assert answer.status_code == 200
        check_page(answer.text)
    found = browser.get("/search.json", query_string=query)
    assert found.status_code == 200
    assert found.json is not None
    assert set(found.json) == {"query", "shown_for", "total", "results", "facets", "suggestion"}
    assert len(found.json["results"]) <= min(MAX_LIMIT, found.json["total"])
    for hit in found.json["results"]:
        assert set(hit) == {"uid", "plugin", "kind", "title", "url", "snippet", "age", "part"}
        assert set(re.findall(r"<[^>]*>", hit["snippet"])) <= {"<mark>", "</mark>"}


@pytest.mark.parametrize("text", SPECIAL, ids=lambda text: ascii(text[:20]))
def test_known_tricks_find_nothing_but_words(hub: Flask, text: str) -> None:
    for path in ("/search", "/search.json"):
        answer = hub.test_client().get(path, query_string={"q": text})
        assert answer.status_code == 200
    check_page(hub.test_client().get("/search", query_string={"q": text}).text)


@settings(QUICK, max_examples=300)
@given(WORDS)
def test_cleaning_twice_is_cleaning_once_and_loses_no_letter(text: str) -> None:
    cleaned = russian.clean(text)
    assert russian.clean(cleaned) == cleaned
    assert "\n" not in cleaned
    assert "\u00ad" not in cleaned


@settings(QUICK, max_examples=300)
@given(WORDS)
def test_folding_keeps_every_place(text: str) -> None:
    folded = russian.fold(text)
    assert len(folded) == len(text)
    assert "ё" not in folded
    assert russian.fold(folded) == folded


@settings(QUICK, max_examples=300)
@given(WORDS)
def test_words_stand_where_they_say(text: str) -> None:
    cleaned = russian.clean(text)
    end = 0
    for word in russian.words(cleaned):
        assert end <= word.start < word.end <= len(cleaned)
        assert russian.fold(cleaned[word.start : word.end])[: russian.MAX_WORD_LENGTH] == word.form
        assert len(word.form) <= russian.MAX_WORD_LENGTH
        assert russian.lemmas(word.form)
        assert all(term and " " not in term for term in russian.lemmas(word.form))
        end = word.end


@settings(QUICK, max_examples=300)
@given(text=WORDS, asked=st.lists(st.integers(0, 50), max_size=4), length=st.integers(20, 120))
def test_a_snippet_is_sound_html_of_the_text_itself(text: str, asked: list[int], length: int) -> None:
    cleaned = russian.clean(text)
    every = list(russian.words(cleaned))
    forms = {every[number % len(every)].form: 1 << place for place, number in enumerate(asked) if every}
    for snippet, whole in (
        (str(snippets.marked(cleaned, forms)), True),
        (str(snippets.best_passage(cleaned, forms, length)), False),
    ):
        assert re.fullmatch(r"(?:[^<>]|<mark>[^<>]+</mark>)*", snippet)
        plain = html.unescape(re.sub("</?mark>", "", snippet))
        if whole:
            assert plain == cleaned
        else:
            assert plain.removeprefix("… ").removesuffix("\u00a0…") in cleaned
            assert len(plain) <= length + 8 or len(cleaned) <= length
        for marked in re.findall(r"<mark>(.*?)</mark>", snippet, re.S):
            form = russian.fold(html.unescape(marked))[: russian.MAX_WORD_LENGTH]
            assert form in forms
        if forms:
            assert "<mark>" in snippet
