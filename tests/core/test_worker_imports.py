"""A worker imports what pages are made with, and nothing more: what a few need is imported where they need it."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import psutil
import pytest

from libhub.testing import LiveServer

ROOT = Path(__file__).parents[2]
SCRIPT = """
import json, sys
from pathlib import Path
from libhub.config import load_config
from libhub.serving import worker
app = worker.create_app(load_config(Path(sys.argv[1])))
browser = app.test_client()
for path in ("/", *sys.argv[2:]):
    assert browser.get(path).status_code == 200, path
print(json.dumps(list(sys.modules)))
"""
PAGES = ("/resources/", "/events/", "/crafts/", "/search?q=сказки для малышей", "/healthz")
NEEDED = {
    *(
        "flask",
        "flask-babel",
        "flask-login",
        "flask-sqlalchemy",
        "flask-wtf",
        "htmx-flask",
        "wtforms",
        "waitress",
    ),
    *("sqlalchemy", "pluggy", "pydantic", "click", "babel", "argon2-cffi"),
    *("numpy", "whoosh3", "pymorphy3", "dawg2"),
    *("nh3", "python-dateutil"),
}
"""Of the packages that the hub depends on, those that every worker imports."""
OF_OTHERS = (
    *("babel.messages", "whoosh.writing", "sqlalchemy.dialects.postgresql"),
    *("libhub.authoring", "libhub.cli", "libhub.testing"),
)
"""Parts of what is needed that are for those who write, give commands or test."""


def same(name: str) -> str:
    """Return the name of a package as all of them are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture
def imported(instance: Path) -> set[str]:
    """The names of the modules that a worker has after it answered some pages."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(instance), *PAGES],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_a_worker_imports_of_our_dependencies_what_pages_need(imported: set[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = {same(re.split(r"[^\w.-]", line)[0]) for line in project["dependencies"]}
    owners = packages_distributions()
    found = {
        same(owner)
        for module in imported
        if "." not in module
        for owner in owners.get(module, ())
        if same(owner) in ours
    }
    assert found == NEEDED


def test_nothing_of_those_who_write_or_give_commands(imported: set[str]) -> None:
    assert not {name for name in imported for part in OF_OTHERS if f"{name}.".startswith(f"{part}.")}


def test_numpy_starts_no_threads_in_any_process(two_workers: LiveServer) -> None:
    children = psutil.Process(two_workers.process.pid).children()
    assert len(children) > 2
    for child in children:
        assert child.environ()["OPENBLAS_NUM_THREADS"] == "1"
