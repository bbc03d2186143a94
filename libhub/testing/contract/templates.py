"""Templates, style sheets and scripts: nothing from elsewhere, nothing inline, every form protected."""

import re
from pathlib import Path

import pytest

from libhub.app import template_folder

CORE_STATIC = Path(__file__).parents[2] / "static"

ELSEWHERE = re.compile(
    r"""\b(?:src|href|action|formaction|poster|srcset|data|hx-\w+)\s*=\s*["']\s*(?:https?:)?//""", re.I
)
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)|<style\b|<[a-z][^>]*\sstyle\s*=|<[a-z][^>]*\son[a-z]+\s*=|javascript:""", re.I
)
GET_FORM = re.compile(r"""<form\b(?!(?:[^>{]|\{\{.*?\}\})*(?:method\s*=\s*["']?post|target=))[^>]*""", re.I)
POST_FORM = re.compile(r"""<form\b[^>]*method\s*=\s*["']?post.*?</form>""", re.I | re.S)
CSRF = re.compile(r"csrf|form_tokens")
IN_STYLE = re.compile(r"""@import|url\(\s*["']?\s*(?:https?:)?//""", re.I)


def templates(place: Path) -> list[Path]:
    return sorted(place.rglob("*.html"))


def test_templates_of_a_plugin_are_in_a_folder_of_its_name(folder: Path) -> None:
    root = folder / "templates"
    strays = [path for path in root.rglob("*") if path.is_file() and path.parent == root]
    assert not strays
    assert {path.name for path in root.glob("*")} <= {folder.name}


def test_no_page_asks_another_host(place: Path) -> None:
    found = [
        f"{path}: {match.group()}"
        for path in templates(place)
        if (match := ELSEWHERE.search(path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_no_inline_script_or_style(place: Path) -> None:
    found = [
        f"{path}: {match.group()[:80]}"
        for path in templates(place)
        if (match := INLINE.search(path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_forms_that_ask_keep_no_ticks_of_their_own(place: Path) -> None:
    """Without scripts, Back would show the list of before with the ticks of after."""
    found = [
        f"{path}: {form[:80]}"
        for path in templates(place)
        for form in GET_FORM.findall(path.read_text(encoding="utf-8"))
        if 'autocomplete="off"' not in form and 'action="#' not in form
    ]
    assert not found


def test_every_step_is_one_of_the_history(place: Path) -> None:
    found = [path for path in templates(place) if "hx-replace-url" in path.read_text(encoding="utf-8")]
    assert not found, "hx-push-url: the script of the hub knows which step goes on"


def test_every_form_that_changes_something_has_a_token(place: Path) -> None:
    found = [
        f"{path}: {form[:80]}"
        for path in templates(place)
        for form in POST_FORM.findall(path.read_text(encoding="utf-8"))
        if not CSRF.search(form)
    ]
    assert not found


def test_style_sheets_ask_no_other_host(place: Path) -> None:
    own = CORE_STATIC if place == template_folder() else place / "static"
    found = [path for path in own.rglob("*.css") if IN_STYLE.search(path.read_text(encoding="utf-8"))]
    assert not found


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (ELSEWHERE, '<script src="//cdn.example/x.js">', '<svg xmlns="http://www.w3.org/2000/svg">'),
        (ELSEWHERE, "<a href='http://example.org'>", "<a href=\"{{ url_for('x') }}\">"),
        (INLINE, '<p class="a" style="x">', '<p class="style">'),
        (INLINE, '<button onclick="x()">', '<p data-on="x">one = 1</p>'),
        (INLINE, "<script>x</script>", '<script src="/x.js" defer></script>'),
        (POST_FORM, '<form method="post"></form>', '<form method="get"></form>'),
    ],
)
def test_the_patterns_tell_bad_from_good(pattern: re.Pattern[str], bad: str, good: str) -> None:
    assert pattern.search(bad)
    assert not pattern.search(good)
