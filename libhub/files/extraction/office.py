"""Documents, slides and tables of Microsoft Office since 2007."""

import html
import posixpath
import zipfile
from typing import Any, Final

import mammoth
import openpyxl

from libhub.files.extraction import archives
from libhub.files.extraction.markup import Pictures, clean, write_chapters
from libhub.files.extraction.output import Output
from libhub.files.extraction.tables import Sheet

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDES: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NOTES: Final = "/notesSlide"


def read_docx(path: str, output: Output) -> None:
    """Give out a document by its headings."""
    pictures = Pictures(output)

    def picture(image: Any) -> dict[str, str]:
        def load() -> bytes:
            with image.open() as stream:
                return bytes(stream.read())

        number = pictures.number(str(id(image)), load)
        return {"src": f"picture/{number}"} if number is not None else {}

    with archives.opened(path), open(path, "rb") as stream:
        made = mammoth.convert_to_html(stream, convert_image=mammoth.images.img_element(picture))
    write_chapters(clean(made.value), output)


def read_pptx(path: str, output: Output) -> None:
    """Give out the text of each slide, with what the speaker notes below it."""
    with archives.opened(path) as archive:
        presentation = archives.parse(archive, "ppt/presentation.xml")
        targets = {
            key: target for key, (_kind, target) in _relations(archive, "ppt/presentation.xml").items()
        }
        output.kind("slide")
        for number, entry in enumerate(presentation.iter(f"{_SLIDES}sldId"), 1):
            name = targets[entry.attrib[_RELATION]]
            lines = _lines(archives.parse(archive, name))
            for kind, target in _relations(archive, name).values():
                if kind.endswith(_NOTES):
                    notes = [line for line in _lines(archives.parse(archive, target)) if line != str(number)]
                    lines += notes
            markup = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)
            output.add(number, "\n".join(lines), title=lines[0] if lines else "", html=markup)


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return what a part refers to: kind and name of the other part, by id."""
    folder, name = posixpath.split(part)
    try:
        root = archives.parse(archive, f"{folder}/_rels/{name}.rels")
    except KeyError:
        return {}
    return {
        each.attrib["Id"]: (
            each.attrib["Type"],
            posixpath.normpath(posixpath.join(folder, each.attrib["Target"])).lstrip("/"),
        )
        for each in root
        if each.attrib.get("TargetMode") != "External"
    }


def _lines(slide: Any) -> list[str]:
    """Return the paragraphs of a slide, wherever they stand: in boxes, groups or tables."""
    found = []
    for paragraph in slide.iter(f"{_DRAWING}p"):
        pieces = [
            each.text or "" if each.tag == f"{_DRAWING}t" else " "
            for each in paragraph.iter()
            if each.tag in (f"{_DRAWING}t", f"{_DRAWING}br")
        ]
        line = " ".join("".join(pieces).split())
        if line:
            found.append(line)
    return found


def read_xlsx(path: str, output: Output) -> None:
    """Give out the filled cells of each sheet."""
    with archives.opened(path), open(path, "rb") as stream:  # from a path it would ask for an extension
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        output.kind("sheet")
        for number, page in enumerate(book.worksheets, 1):
            page.reset_dimensions()
            sheet = Sheet(page.title or "")
            for row in page.iter_rows(values_only=True):
                sheet.add_row("" if value is None else str(value) for value in row)
            sheet.write(number, output)
        book.close()
