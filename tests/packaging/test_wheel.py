"""The wheel alone is the hub: built, installed into an empty environment, started in an empty folder."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from libhub.testing import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what is under version control (and what is new and not ignored)."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    shutil.copytree(
        ROOT,
        source,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns(".*", "instance", "dist", "build", "__pycache__", "*.mo"),
    )
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=source,
        check=True,
        capture_output=True,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_contains_what_a_school_needs_and_nothing_else(names: set[str]) -> None:
    for folder, inside in [
        ("libhub", "libhub"),
        ("plugins", "plugins"),
        ("templates", "libhub/templates"),
        ("examples/scaffold", "libhub/scaffold"),
    ]:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".mo":
                assert f"{inside}/{path.relative_to(ROOT / folder).as_posix()}" in names
    catalogues = {name for name in names if name.endswith(".po") and not name.startswith("libhub/scaffold/")}
    assert {name.removesuffix(".po") + ".mo" for name in catalogues} == {
        name for name in names if name.endswith(".mo")
    }
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"libhub", "plugins"}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel; what it depends on comes from the environment of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    (site,) = folder.rglob("site-packages")
    # a line of a .pth file adds a folder; the .pth files in *that* folder, such as the checkout's, are not read
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of somebody who knows nothing of a checkout."""
    return {
        key: value
        for key, value in os.environ.items()
        if key != "PYTHONPATH" and not key.startswith("LIBHUB_")
    }


@pytest.fixture
def url(installed: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """A hub served by the installed program in an empty folder, without any preparation."""
    port = free_port()
    program = installed.parent / ("libhub.exe" if os.name == "nt" else "libhub")
    process = subprocess.Popen(
        [str(program), "serve", "--port", str(port)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first_line = process.stdout.readline()
    deadline = time.monotonic() + START_SECONDS
    while f":{port}" not in first_line and time.monotonic() < deadline:
        first_line = process.stdout.readline()
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(START_SECONDS)
    process.stdout.close()


@pytest.mark.slow
def test_serves_and_searches_in_an_empty_folder(
    url: str, installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    where = subprocess.run(
        [str(installed), "-c", "import libhub, plugins; print(libhub.__file__, *plugins.__path__)"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert str(installed.parents[1]) in where.stdout
    assert str(ROOT) not in where.stdout
    with urlopen(f"{url}/") as answer:
        page = answer.read().decode()
    assert "<h1" in page
    with urlopen(f"{url}/static/vendor/htmx.min.js") as answer:
        assert answer.status == 200
    with urlopen(f"{url}/search.json?q={quote('сказки для малышей')}") as answer:
        results = json.load(answer)["results"]
    assert results
    assert (tmp_path / "instance" / "libhub.db").exists()


@pytest.mark.slow
def test_an_author_has_the_scaffold_and_the_contract(
    wheel: Path, installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    program = installed.parent / ("libhub.exe" if os.name == "nt" else "libhub")

    def run(*command: str) -> str:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return done.stdout

    run(str(program), "plugins", "new", "book_club")
    folder = tmp_path / "instance" / "plugins" / "book_club"
    assert (folder / "tests" / "factory.py").is_file()
    collected = run(
        str(installed),
        "-m",
        "pytest",
        "--libhub-plugin",
        str(folder),
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
    )
    assert "test_a_note_is_written_shown_found_and_put_away" in collected
    assert "test_migrations_make_the_schema_of_the_models" in collected
