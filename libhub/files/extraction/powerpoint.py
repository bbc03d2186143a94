"""PowerPoint slides, one by one. What the usual library brings beside this is for writing them."""

import html
import posixpath
import zipfile
from typing import Any, Final

from libhub.files.extraction import archives
from libhub.files.extraction.output import Output

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDES: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NOTES: Final = "/notesSlide"


def read(path: str, output: Output) -> None:
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
