"""Every page is HTML that the Nu checker accepts."""

from pathlib import Path

import pytest

from tests.gates import nu
from tests.walking import Seen


@pytest.fixture(scope="module")
def checker() -> None:
    """Skip where the checker cannot be had."""
    try:
        nu.jar()
    except nu.Absent as error:
        pytest.skip(str(error))


def test_every_page_is_valid(checker: None, seen: list[Seen], tmp_path: Path) -> None:
    complaints = nu.complaints({str(page): page.html for page in seen}, tmp_path)
    assert not complaints, "\n".join(complaints)


def test_every_page_with_errors_is_valid(checker: None, refused: list[Seen], tmp_path: Path) -> None:
    pages = {f"{number} {page}": page.html for number, page in enumerate(refused)}
    complaints = nu.complaints(pages, tmp_path, aside=(nu.HTMX, nu.TYPED))
    assert not complaints, "\n".join(complaints)


def test_lists_of_files_have_their_styles_and_script(seen: list[Seen]) -> None:
    bare = [
        str(page)
        for page in seen
        for mark, needed in (('class="files', "/files.css"), ("data-files", "/files.js"))
        if mark in page.html and needed not in page.html
    ]
    assert bare == []
    assert any("data-files" in page.html for page in seen)
