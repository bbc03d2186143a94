"""Texts of lessons: what they look like, and what cannot be hidden in them."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libhub.kit.markdown import Picture, to_html, to_plain


class Elements(HTMLParser):
    """What a page really consists of: text that only looks like an element is text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]


FILES = {"схема 1.png": "/files/7/preview/1280", "памятка.pdf": "/files/8/x.pdf"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Заголовок", "<h2>Заголовок</h2>"),
        ("**жирный** и *курсив*", "<strong>жирный</strong>"),
        ("- раз\n- два", "<li>два</li>"),
        ("| а | б |\n|---|---|\n| 1 | 2 |", "<td>1</td>"),
        ("![Схема](схема%201.png)", '<img src="/files/7/preview/1280" alt="Схема">'),
        ("[Памятка](памятка.pdf)", '<a href="/files/8/x.pdf"'),
        ("[Ресурсы](/resources/)", '<a href="/resources/"'),
        ("[сайт](https://example.org/)", 'rel="noopener noreferrer"'),
        ("![нет такой](нет.png)", "<em>[нет такой]</em>"),
        ("![чужая](https://example.org/a.png)", "<em>[чужая]</em>"),
        ("![чужая](//example.org/a.png)", "[чужая]"),
    ],
)
def test_marks_become_html(text: str, html: str) -> None:
    assert html in to_html(text, FILES)


def test_a_picture_has_room_kept_and_comes_in_the_width_that_is_shown() -> None:
    known = {FILES["схема 1.png"]: Picture(500, 300, "/files/7/preview/160 160w, /files/7/preview/640 500w")}
    (shown,) = re.findall(
        "<img[^>]*>", to_html("![Схема](схема%201.png) ![нет](/static/icon.svg)", FILES, known)
    )[:1]
    for attribute in ('width="500"', 'height="300"', 'srcset="/files/7/preview/160 160w, ', 'loading="lazy"'):
        assert attribute in shown
    assert "srcset" not in to_html("![нет](/static/icon.svg)", FILES, known)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        '<p style="position:fixed">x</p>',
        "<iframe src=//evil.example></iframe>",
        '[x](https://a.example/"onmouseover="alert(1))',
        "![x](//evil.example/pixel.png)",
    ],
)
def test_nothing_harmful_gets_through(text: str) -> None:
    parser = Elements()
    parser.feed(str(to_html(text)))
    assert parser.tags <= {"p", "a", "em"}
    assert parser.attributes <= {"href", "rel", "title"}
    assert all(target.startswith("https://a.example/") for target in parser.targets if ":" in target)


@given(st.text("<>/=\"'()[]!* \n#`&;:abjscript", max_size=120))
def test_no_text_makes_an_active_element(text: str) -> None:
    parser = Elements()
    parser.feed(str(to_html(text)))
    assert not parser.tags & {"script", "iframe", "style", "object", "svg"}
    assert not any(name.startswith("on") for name in parser.attributes)
    assert not any("script:" in target for target in parser.targets)


def test_search_reads_words_without_marks() -> None:
    text = "# Поиск\n\nПервый **абзац** & слово.\n\n- раз\n- два\n\n| а | б |\n|---|---|\n| 1 | 2 |"
    assert to_plain(text).split("\n")[:4] == ["Поиск", "Первый абзац & слово.", "раз", "два"]
    assert "**" not in to_plain(text)
    assert "<" not in to_plain(text)
