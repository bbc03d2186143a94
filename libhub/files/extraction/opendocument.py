"""Texts, slides and tables of OpenDocument (LibreOffice)."""

import html
from typing import Any, Final

from libhub.files.extraction import archives
from libhub.files.extraction.markup import clean, text_of, write_chapters
from libhub.files.extraction.output import Output, Unreadable
from libhub.files.extraction.tables import Sheet

_NS: Final = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _DRAW, _OFFICE = (_NS % name for name in ("text", "table", "drawing", "office"))
_MANIFEST: Final = _NS % "manifest"
_SILENT: Final = frozenset(
    {f"{_TEXT}tracked-changes", f"{_TEXT}page-number", f"{_OFFICE}annotation", f"{_OFFICE}forms"}
)
MOST_REPEATED: Final = 1000
"""A row of a table may say that it stands there a million times."""


def _body(path: str) -> Any:
    with archives.opened(path) as archive:
        if "META-INF/manifest.xml" in archive.namelist():
            manifest = archives.parse(archive, "META-INF/manifest.xml")
            if next(manifest.iter(f"{_MANIFEST}encryption-data"), None) is not None:
                raise Unreadable("encrypted")
        body = archives.parse(archive, "content.xml").find(f"{_OFFICE}body")
    if body is None or not len(body):
        raise Unreadable("damaged")
    return body[0]


def read_odt(path: str, output: Output) -> None:
    """Give out a text by its headings."""
    write_chapters(clean(_markup(_body(path))), output)


def read_odp(path: str, output: Output) -> None:
    """Give out the text of each slide."""
    output.kind("slide")
    for number, slide in enumerate(_body(path).iter(f"{_DRAW}page"), 1):
        markup = clean(_markup(slide))
        text = text_of(markup)
        output.add(number, text, title=text.partition("\n")[0], html=markup)


def read_ods(path: str, output: Output) -> None:
    """Give out the filled cells of each sheet."""
    output.kind("sheet")
    for number, table in enumerate(_body(path).iter(f"{_TABLE}table"), 1):
        sheet = Sheet(table.get(f"{_TABLE}name", ""))
        for row in table.iter(f"{_TABLE}table-row"):
            cells: list[str] = []
            for cell in row:
                repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                cells += [" ".join(map(_inline_text, cell.iter(f"{_TEXT}p")))] * min(repeated, MOST_REPEATED)
            sheet.add_row(cells)
        sheet.write(number, output)


def _markup(element: Any) -> str:
    """Return headings, paragraphs, lists and tables as HTML; of everything else what is inside."""
    if element.tag in _SILENT:
        return ""
    if element.tag == f"{_TEXT}h":
        level = min(int(element.get(f"{_TEXT}outline-level", "1") or 1), 6)
        return f"<h{level}>{_inline(element)}</h{level}>"
    if element.tag == f"{_TEXT}p":
        return f"<p>{_inline(element)}</p>"
    inside = "".join(map(_markup, element))
    for tag, name in ((f"{_TEXT}list", "ul"), (f"{_TEXT}list-item", "li"), (f"{_TABLE}table", "table")):
        if element.tag == tag:
            return f"<{name}>{inside}</{name}>"
    if element.tag == f"{_TABLE}table-row":
        return f"<tr>{inside}</tr>"
    return f"<td>{inside}</td>" if element.tag == f"{_TABLE}table-cell" else inside


def _inline(element: Any) -> str:
    return html.escape(_inline_text(element), quote=False).replace("\n", "<br>")


def _inline_text(element: Any) -> str:
    """Return the characters of a paragraph: blanks and breaks are elements, too."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1") or 1), 100))
        elif child.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag not in _SILENT:
            parts.append(_inline_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
