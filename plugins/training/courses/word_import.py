"""A lesson from a word processor: the text of a DOCX file as Markdown, and its pictures. No Flask."""

import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from libhub.api import LibHubError
from libhub.api import gettext as _

MAX_UNPACKED: Final = 256 * 1024**2
MAX_PICTURE: Final = 32 * 1024**2
MAX_PICTURES: Final = 200
_PICTURES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


@dataclass(frozen=True)
class Imported:
    """What a document gives; ``left_out`` is how many pictures are of a kind that no browser shows."""

    text: str
    pictures: tuple[tuple[str, bytes], ...]
    left_out: int


def read_docx(stream: IO[bytes], taken: Collection[str] = ()) -> Imported:
    """Read a document; ``taken`` are names that its pictures must not have.

    :raises LibHubError: it is no such document, or too large.
    """
    import mammoth  # both take 6 MB that a worker needs only here
    from markdownify import markdownify

    _refuse_bombs(stream)
    pictures: dict[str, bytes] = {}
    left_out = 0

    def keep(image: Any) -> Mapping[str, str]:
        nonlocal left_out
        ending = _PICTURES.get(image.content_type)
        with image.open() as source:
            content = source.read(MAX_PICTURE + 1)
        if ending is None or len(content) > MAX_PICTURE or len(pictures) >= MAX_PICTURES:
            left_out += 1
            return {"src": ""}
        name = _free_name(ending, {*taken, *pictures})
        pictures[name] = content
        return {"src": name, "alt": image.alt_text or ""}

    try:
        result = mammoth.convert_to_html(stream, convert_image=mammoth.images.img_element(keep))
    except Exception as error:  # the library tells a damaged document in many ways
        raise LibHubError(_not_one()) from error
    text = markdownify(result.value, heading_style="ATX", bullets="-", escape_misc=False)
    lines = [line.rstrip() for line in text.replace("![]()", "").split("\n")]
    blank = [place for place, line in enumerate(lines) if not line and (place == 0 or not lines[place - 1])]
    kept = [line for place, line in enumerate(lines) if place not in set(blank)]
    return Imported("\n".join(kept).strip(), tuple(pictures.items()), left_out)


def _free_name(ending: str, taken: Collection[str]) -> str:
    number = 1
    while (name := f"рисунок-{number}.{ending}") in taken:
        number += 1
    return name


def _refuse_bombs(stream: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise LibHubError(_not_one()) from error
    if "word/document.xml" not in {info.filename for info in infos}:
        raise LibHubError(_not_one())
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise LibHubError(_("The document is too large. Take pictures or pages out of it."))
    stream.seek(0)


def _not_one() -> str:
    return _(
        "This is not a DOCX document, or it did not arrive whole. In the word processor choose “Save as” and DOCX."
    )
