"""The contract fails for what it is there for: a copy of the example with faults is told of each of them, by its place."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from libhub.testing import contract

NEWS = Path(__file__).parents[2] / "examples" / "news"
RULES = """
from dataclasses import replace

POST = replace(POST, numbered=False, editable=lambda _viewer, keys: frozenset(str(int(key)) for key in keys))
"""
PAGES = """
import io
from datetime import date, timedelta

from flask import redirect, request
from PIL import Image

from libhub.api import attach, writing


@blueprint.get("/week")
@public
def week() -> Response:
    day = request.args.get("day", "")
    try:
        date.fromisoformat(day) - timedelta(days=400)
    except ValueError:
        pass
    return page("news/index.html", block="nowhere", found=LISTING.found())


@blueprint.post("/<int:number>/picture")
@public
def picture(number: int) -> Response:
    body = io.BytesIO()
    Image.new("RGB", (3, 3)).save(body, "PNG")
    body.seek(0)
    with writing():
        attach(Post.ref_of(number), "a.png", body)
    return redirect("/news/")
"""
TOLD = (
    "news/post: editable of keys that nothing has",  # a key that is no number
    "/files/of/news/post/999999999",  # files of nothing
    "the section “news” (faulty/news/pages.py:",  # bytes inside writing()
    "/news/week ['day']='0001-01-01': 500",  # a day that cannot be reckoned with
    "/news/week: 200, as a fragment 500",  # a block that is not there
)


@pytest.mark.slow
def test_each_fault_is_told_of(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty" / "news"
    shutil.copytree(NEWS, faulty)
    for name, text in (("rules.py", RULES), ("pages.py", PAGES)):
        path = faulty / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    suites = [str(Path(contract.__file__).parent / f"{name}.py") for name in ("addresses", "fragments")]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "libhub.pytest_plugin"),
            *("--libhub-plugin", str(faulty), *suites),
        ],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
        timeout=900,
    )
    assert [text for text in TOLD if text not in done.stdout] == [], done.stdout[-8000:]
