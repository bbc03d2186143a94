"""Real Russian text for measuring: the paragraphs of Debian's Russian documentation packages.

``python bench/corpus.py FOLDER`` downloads the packages (apt-get download, no root needed), unpacks them into
FOLDER and writes ``FOLDER/paragraphs.jsonl``: one ``{"title", "text"}`` a line, each text once.
"""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

PACKAGES = (
    "libreoffice-help-ru",
    "gimp-help-ru",
    "manpages-ru",
    "manpages-ru-dev",
    "aptitude-doc-ru",
    "kicad-doc-ru",
    "debian-faq-ru",
    "developers-reference-ru",
    "doublecmd-help-ru",
    "debian-handbook",
)
MIN_LENGTH, MAX_LENGTH = 60, 4_000
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_MACRO = re.compile(r"^[.'].*$|\\f[A-Z]|\\[&|]", re.MULTILINE)


class _Paragraphs(HTMLParser):
    """Collects the title and the paragraphs of a page."""

    _BLOCKS = frozenset({"p", "li", "dd", "td", "h1", "h2", "h3", "div"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title, self.texts = "", []
        self._parts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in self._BLOCKS:
            self._flush()
        if tag in {"title", "script", "style"}:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""
        if tag in self._BLOCKS:
            self._flush()

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif not self._inside:
            self._parts.append(data)

    def _flush(self) -> None:
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        if text:
            self.texts.append(text)


def download(folder: Path) -> None:
    """Fetch and unpack the packages that are not there yet."""
    for package in PACKAGES:
        if not list(folder.glob(f"{package}_*.deb")):
            subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True)
            (archive,) = folder.glob(f"{package}_*.deb")
            subprocess.run(["dpkg", "-x", archive.name, "unpacked"], cwd=folder, check=True)


def paragraphs(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield title and text of every Russian paragraph, in a fixed order, each text once."""
    seen: set[str] = set()
    for title, text in _all(folder / "unpacked"):
        russian = len(_CYRILLIC.findall(text))
        if MIN_LENGTH <= len(text) <= MAX_LENGTH and russian > len(text) // 2 and text not in seen:
            seen.add(text)
            yield title, text


def _all(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*")):
        if path.suffix in {".html", ".xhtml"} and path.is_file():
            page = _Paragraphs()
            page.feed(path.read_text(encoding="utf-8", errors="replace"))
            yield from ((" ".join(page.title.split())[:200] or path.stem, text) for text in page.texts)
        elif path.suffix == ".gz" and "/man/" in path.as_posix() and path.is_file():
            source = gzip.decompress(path.read_bytes()).decode("utf-8", errors="replace")
            for block in re.split(r"^\.(?:PP|TP|SH|IP|LP).*$", source, flags=re.MULTILINE):
                yield path.stem, " ".join(_MACRO.sub(" ", block).split())


def main() -> None:
    """Make the file and say how many paragraphs it has."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    download(folder)
    target, number = folder / "paragraphs.jsonl", 0
    with target.open("w", encoding="utf-8") as stream:
        for title, text in paragraphs(folder):
            stream.write(json.dumps({"title": title, "text": text}, ensure_ascii=False) + "\n")
            number += 1
    print(f"{number} paragraphs, {target.stat().st_size / 1e6:.1f} MB: {target}")


if __name__ == "__main__":
    main()
