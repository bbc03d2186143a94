"""The Nu HTML checker: fetched from npm once, run in one go of Java over all pages."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tools import vendoring

MANIFEST: Final = Path(__file__).parent / "checker"
FOLDER: Final = Path(__file__).parents[2] / "build" / "checker"
FETCH_SECONDS: Final = 300
HTMX: Final = re.compile(r"Attribute “hx-[a-z-]+” not allowed")
"""What HTML does not know and htmx does."""
TYPED: Final = re.compile(r"Bad value “.*” for attribute “value” on element “input”", re.S)
"""What somebody typed wrongly and is shown again, to be mended."""


class Absent(Exception):
    """The checker cannot be had here, and why."""


def jar() -> Path:
    """Return the checker, fetched if it is not there yet or is not what the manifest says.

    :raises Absent: there is no Java or no npm, or npm cannot reach its registry.
    """
    if shutil.which("java") is None:
        raise Absent("the Nu checker needs Java; on Debian: apt install default-jre-headless")
    (file, *_others) = files = vendoring.read_manifest(MANIFEST)
    path = FOLDER / file.name
    if not path.exists() or file.complaint(path.read_bytes()):
        FOLDER.mkdir(parents=True, exist_ok=True)
        try:
            wrong = vendoring.bring(files, FOLDER)
        except FileNotFoundError as error:
            raise Absent(f"the Nu checker comes from npm: {error}") from error
        except subprocess.CalledProcessError as error:
            raise Absent("the Nu checker comes from npm, which cannot reach its registry") from error
        assert not wrong, wrong
    return path


def complaints(
    pages: Mapping[str, str], folder: Path, *, aside: Sequence[re.Pattern[str]] = (HTMX,)
) -> list[str]:
    """Check pages by their names.

    :param aside: what messages begin with that do not count.
    :raises Absent: see :func:`jar`.
    """
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        path = folder / f"{number:04}.html"
        path.write_text(html, encoding="utf-8")
        names[path.resolve().as_uri().removeprefix("file://")] = name
    done = subprocess.run(
        [
            "java",
            "-Xss2m",
            "-jar",
            jar(),
            "--format",
            "json",
            "--stdout",
            "--errors-only",
            *sorted(folder.glob("*.html")),
        ],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    assert done.stdout, done.stderr
    return [
        f"{names[each['url'].removeprefix('file:')]}: {each['message']} {' '.join(each.get('extract', '').split())}"
        for each in json.loads(done.stdout)["messages"]
        if not any(pattern.match(each["message"]) for pattern in aside)
    ]
