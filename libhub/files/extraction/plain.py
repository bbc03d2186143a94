"""Texts that need no unpacking: TXT, Markdown, CSV, HTML, RTF."""

import csv
import html
import re
from pathlib import Path
from typing import Final

from striprtf.striprtf import rtf_to_text

from libhub.files.extraction.encodings import decode
from libhub.files.extraction.markup import clean, paragraphs, write_chapters
from libhub.files.extraction.output import Output
from libhub.files.extraction.tables import Sheet

_CHAPTER: Final = re.compile(
    r"(?im)^[ \t]*((?:глава|часть|раздел|пролог|эпилог|предисловие|послесловие|chapter|part)\b[^\n]{0,80})$"
)
"""A line that begins a chapter of a plain text."""
_MARKDOWN_HEADING: Final = re.compile(r"(?m)^(#{1,6})[ \t]+([^\n]+?)[ \t]*#*$")


def _text(path: str) -> str:
    return decode(Path(path).read_bytes()).replace("\x00", " ")


def _with_headings(text: str, pattern: re.Pattern[str], level: int | None) -> str:
    """Return a text as markup with its headings; their rank is that of ``level``, or of their signs."""
    parts, last = [], 0
    for found in pattern.finditer(text):
        rank = level or len(found.group(1))
        words = html.escape(found.group(found.re.groups).strip(), quote=False)
        parts += [paragraphs(text[last : found.start()]), f"<h{rank}>{words}</h{rank}>"]
        last = found.end()
    return "".join([*parts, paragraphs(text[last:])])


def read_txt(path: str, output: Output) -> None:
    """Give out a text, by chapters where lines name them."""
    write_chapters(clean(_with_headings(_text(path), _CHAPTER, 2)), output)


def read_md(path: str, output: Output) -> None:
    """Give out a text by its headings; other signs of Markdown stay as they are."""
    write_chapters(clean(_with_headings(_text(path), _MARKDOWN_HEADING, None)), output)


def read_html(path: str, output: Output) -> None:
    """Give out what a page says, without anything that runs or is fetched."""
    write_chapters(clean(_text(path)), output)


def read_rtf(path: str, output: Output) -> None:
    """Give out the text of an RTF document; the encoding of its letters is named inside."""
    content = Path(path).read_bytes().decode("latin-1")
    text = rtf_to_text(content, encoding="cp1251", errors="replace")  # type: ignore[no-untyped-call]
    write_chapters(clean(_with_headings(text, _CHAPTER, 2)), output)


def read_csv(path: str, output: Output) -> None:
    """Give out the rows of a table."""
    lines = _text(path).splitlines()
    delimiter = max(";,\t", key=lambda sign: sum(line.count(sign) for line in lines[:50]))
    sheet = Sheet("")
    csv.field_size_limit(1_000_000)
    for row in csv.reader(lines, delimiter=delimiter):
        sheet.add_row(row)
    output.kind("")
    sheet.write(0, output)
