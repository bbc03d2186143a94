"""The section in ``examples/news``: small, held to the contract, brought to another hub as a ZIP file, and removed."""

import re
import shutil
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from libhub.testing import run_libhub, serving

NEWS = Path(__file__).parents[2] / "examples" / "news"
MOST_LINES = 250
LEAST_TESTS = 55


def test_it_is_small() -> None:
    """Its own lines: Python and templates, without tests, catalogue and migrations."""
    own = [
        path
        for path in NEWS.rglob("*")
        if path.suffix in {".py", ".html", ".xml"}
        and not {"tests", "migrations", "__pycache__"} & set(path.parts)
    ]
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in own)
    assert lines < MOST_LINES


@pytest.mark.slow
def test_it_passes_every_check(instance: Path) -> None:
    done = run_libhub(instance, "plugins", "check", str(NEWS))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= LEAST_TESTS


def test_it_comes_as_a_zip_file_and_goes_again(instance: Path, tmp_path: Path) -> None:
    brought = shutil.make_archive(str(tmp_path / "news"), "zip", NEWS.parent, "news")
    done = run_libhub(instance, "plugins", "install", brought, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    with serving(instance, workers=1) as hub, urlopen(f"{hub.url}/news/") as answer:
        assert "Новостей пока нет" in answer.read().decode()
    done = run_libhub(instance, "plugins", "remove", "news", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    with serving(instance, workers=1) as hub, pytest.raises(HTTPError, match="404"):
        urlopen(f"{hub.url}/news/")
