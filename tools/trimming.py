"""What is made from a published file before the hub carries it: a trimmed typeface, a sheet of icons, a stylesheet.

Only ``make vendor`` uses this; the results lie in ``static/vendor`` with their checksums.
"""

import io
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

SASS: Final = "sass@1.108.2"
WEIGHTS: Final = (400, 700)
FEATURES: Final = ("kern", "mark", "mkmk", "ccmp")


def subset_font(content: bytes, characters: str) -> bytes:
    """Return a variable WOFF2 typeface with only some characters and the weights from 400 to 700.

    :param characters: ranges of code points as in CSS: ``20-7E, A0``.
    """
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(io.BytesIO(content))
    options = subset.Options(layout_features=list(FEATURES), hinting=False, name_IDs=[0, 1, 2, 13, 14])
    trimmer = subset.Subsetter(options)
    trimmer.populate(unicodes=_code_points(characters))
    trimmer.subset(font)
    instancer.instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    font.flavor, font.recalcTimestamp = "woff2", False
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def _code_points(characters: str) -> list[int]:
    points: list[int] = []
    for part in characters.split(","):
        first, _dash, last = part.strip().partition("-")
        points.extend(range(int(first, 16), int(last or first, 16) + 1))
    return points


def icon_sheet(drawings: Mapping[str, bytes]) -> bytes:
    """Return one SVG of many icons, each a ``<symbol>`` under its name, drawn by ``<use href="…#name">``."""
    symbols = [_symbol(name, drawings[name].decode("utf-8")) for name in drawings]
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'.encode()


def _symbol(name: str, drawing: str) -> str:
    found = re.search(r'viewBox="([^"]+)"[^>]*>(.*)</svg>', drawing, re.DOTALL)
    if found is None:
        raise ValueError(f"{name}: not an SVG with a viewBox")
    shapes = re.sub(r"\s*\n\s*", "", found[2]).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="{found[1]}">{shapes}</symbol>\n'


def compile_sass(files: Mapping[str, bytes], source: str) -> bytes:
    """Return the CSS that a Sass source gives which uses the files of a package.

    :raises subprocess.CalledProcessError: the compiler refused it, and said why on the terminal.
    """
    npx = shutil.which("npx")
    if npx is None:
        raise FileNotFoundError("npx is not installed; on Debian: apt install npm")
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, content in _below("scss", files):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        (folder / "chosen.scss").write_text(source, encoding="utf-8")
        command = [npx, "--yes", SASS, "--style=compressed", "--no-source-map", "--quiet", "--no-charset"]
        done = subprocess.run([*command, "chosen.scss"], cwd=folder, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return done.stdout


def _below(folder: str, files: Mapping[str, bytes]) -> Iterable[tuple[str, bytes]]:
    return ((path, content) for path, content in files.items() if path.startswith(f"{folder}/"))
