"""What a file is, judged by its content: the name decides only between kinds of plain text.

Detection libraries do not help here: the office and book formats are all ZIP or XML, and telling those apart is
most of the work; what is left is the short table of first bytes below.
"""

import codecs
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from libhub.base.errors import LibHubError
from libhub.base.i18n import LazyString
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l

Shown = Literal["image", "audio", "video", "inline", "reader", "download"]
HEAD_BYTES: Final = 4096


@dataclass(frozen=True)
class FileType:
    """A kind of file.

    ``shown`` says how a browser gets it: a media element, as it is, as a page of the reader, or only as a download.
    ``has_text`` says whether words can be looked for inside.
    """

    name: str
    label: LazyString
    extensions: tuple[str, ...]
    media_type: str
    shown: Shown = "download"
    has_text: bool = False


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
_TEXT = "text/plain"  # of everything that could run in a browser, too

TYPES: Final[dict[str, FileType]] = {
    each.name: each
    for each in (
        FileType("pdf", _l("PDF document"), (".pdf",), "application/pdf", "inline", True),
        FileType(
            "docx", _l("Word document"), (".docx",), f"{_OOXML}.wordprocessingml.document", "reader", True
        ),
        FileType(
            "pptx",
            _l("PowerPoint slides"),
            (".pptx",),
            f"{_OOXML}.presentationml.presentation",
            "reader",
            True,
        ),
        FileType("xlsx", _l("Excel table"), (".xlsx",), f"{_OOXML}.spreadsheetml.sheet", "reader", True),
        FileType("odt", _l("OpenDocument text"), (".odt",), f"{_ODF}.text", "reader", True),
        FileType("odp", _l("OpenDocument slides"), (".odp",), f"{_ODF}.presentation", "reader", True),
        FileType("ods", _l("OpenDocument table"), (".ods",), f"{_ODF}.spreadsheet", "reader", True),
        FileType("epub", _l("EPUB book"), (".epub",), "application/epub+zip", "reader", True),
        FileType("fb2", _l("FB2 book"), (".fb2",), "application/x-fictionbook+xml", "reader", True),
        FileType("fb2zip", _l("FB2 book, packed"), (".fb2.zip", ".fbz"), "application/zip", "reader", True),
        FileType("rtf", _l("RTF document"), (".rtf",), "application/rtf", "reader", True),
        FileType("txt", _l("plain text"), (".txt",), _TEXT, "reader", True),
        FileType("md", _l("Markdown text"), (".md",), _TEXT, "reader", True),
        FileType("csv", _l("CSV table"), (".csv",), _TEXT, "reader", True),
        FileType("html", _l("HTML page"), (".html", ".htm", ".xhtml"), _TEXT, "reader", True),
        FileType("doc", _l("old Word document"), (".doc",), "application/msword"),
        FileType("xls", _l("old Excel table"), (".xls",), "application/vnd.ms-excel"),
        FileType("ppt", _l("old PowerPoint slides"), (".ppt",), "application/vnd.ms-powerpoint"),
        FileType("jpeg", _l("JPEG picture"), (".jpg", ".jpeg"), "image/jpeg", "image"),
        FileType("png", _l("PNG picture"), (".png",), "image/png", "image"),
        FileType("webp", _l("WebP picture"), (".webp",), "image/webp", "image"),
        FileType("gif", _l("GIF picture"), (".gif",), "image/gif", "image"),
        FileType("svg", _l("SVG drawing"), (".svg",), _TEXT),
        FileType("mp3", _l("MP3 sound"), (".mp3",), "audio/mpeg", "audio"),
        FileType("m4a", _l("M4A sound"), (".m4a",), "audio/mp4", "audio"),
        FileType("ogg", _l("Ogg sound"), (".ogg", ".oga", ".opus"), "audio/ogg", "audio"),
        FileType("wav", _l("WAV sound"), (".wav",), "audio/wav", "audio"),
        FileType("flac", _l("FLAC sound"), (".flac",), "audio/flac", "audio"),
        FileType("mp4", _l("MP4 video"), (".mp4", ".m4v", ".mov"), "video/mp4", "video"),
        FileType("webm", _l("WebM video"), (".webm", ".mkv"), "video/webm", "video"),
        FileType("ogv", _l("Ogg video"), (".ogv",), "video/ogg", "video"),
        FileType("zip", _l("ZIP archive"), (".zip",), "application/zip"),
    )
}
IMAGES: Final = frozenset(name for name, each in TYPES.items() if each.shown == "image")

_FIRST_BYTES: Final = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"{\\rtf", "rtf"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    (b"\x1a\x45\xdf\xa3", "webm"),
)
_SOUND_BRANDS: Final = frozenset({b"M4A ", b"M4B "})
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: Final = (
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)
_OOXML_PARTS: Final = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
)
_MIMETYPES: Final = {
    "application/epub+zip": "epub",
    f"{_ODF}.text": "odt",
    f"{_ODF}.presentation": "odp",
    f"{_ODF}.spreadsheet": "ods",
}
_BY_NAME: Final = {".md": "md", ".csv": "csv"}


def allowed(setting: str) -> frozenset[str]:
    """Read the librarian's list of types: names or extensions, in any order, whatever stands between them."""
    words = {word.strip(".").lower() for word in setting.replace(",", " ").replace(";", " ").split()}
    return frozenset(
        name
        for name, each in TYPES.items()
        if name in words or any(extension.strip(".") in words for extension in each.extensions)
    )


def extensions(names: Iterable[str]) -> list[str]:
    """Return the usual extension of each type, for people and for the file dialogue of a browser."""
    return [TYPES[name].extensions[0] for name in TYPES if name in set(names)]


def detect(path: Path, name: str, permitted: frozenset[str]) -> FileType:
    """Return what a file is.

    :param name: what it was called.
    :raises LibHubError: it is empty, nothing that the hub knows, or not permitted.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise LibHubError(_("The file is empty. Perhaps it was not saved completely; save it again."))
    found = _binary(path, head) or _textual(path, head, name)
    if found in permitted:
        return TYPES[found]
    known = ", ".join(extensions(permitted))
    if found:
        raise LibHubError(
            _(
                "Files of this kind (%(kind)s) are not taken here. Possible: %(known)s.",
                kind=TYPES[found].label,
                known=known,
            )
        )
    raise LibHubError(_("It is not clear what kind of file this is. Possible: %(known)s.", known=known))


def _binary(path: Path, head: bytes) -> str | None:
    for first, found in _FIRST_BYTES:
        if head.startswith(first):
            return found
    if b"%PDF-" in head[:1024]:
        return "pdf"  # the standard allows some rubbish before it
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:12] in _SOUND_BRANDS else "mp4"
    if head[:4] == b"OggS":
        return "ogv" if b"theora" in head[:256] else "ogg"
    if head[0] == 0xFF and head[1:2] and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[1] & 0x18 != 0x08:
        return "mp3" if head[:2] not in (b"\xff\xfe", b"\xff\xff") else None
    if head.startswith(_OLE):
        return _ole(path, head)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path)
    return None


def _ole(path: Path, head: bytes) -> str | None:
    """Look for the streams of the old office formats where the directory of the container begins."""
    sector_bytes = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    first = int.from_bytes(head[48:52], "little")
    with path.open("rb") as stream:
        stream.seek(min((first + 1) * sector_bytes, path.stat().st_size))
        directory = stream.read(HEAD_BYTES)
    if "EncryptedPackage".encode("utf-16-le") in directory:
        raise LibHubError(_("The document is protected by a password. Save it without the password."))
    return next((found for name, found in _OLE_STREAMS if name.encode("utf-16-le") in directory), None)


def _zipped(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                found = _MIMETYPES.get(archive.read("mimetype").decode("ascii", "replace").strip())
                if found:
                    return found
            if "[Content_Types].xml" in names:
                return next((found for part, found in _OOXML_PARTS if part in names), "zip")
            if "META-INF/container.xml" in names:
                return "epub"  # some programs leave the mimetype out
            if len(names) == 1 and next(iter(names)).lower().endswith(".fb2"):
                return "fb2zip"
            return "zip"
    except (
        zipfile.BadZipFile,
        OSError,
        RuntimeError,
        ValueError,
        NotImplementedError,
        zlib.error,
    ) as error:
        raise LibHubError(
            _("The file is damaged: its end is missing or changed. Save or download it again.")
        ) from error


def _textual(path: Path, head: bytes, name: str) -> str | None:
    """Tell kinds of text apart; None for what is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        beginning = head.decode("utf-16", "replace").lower()
    elif _has_binary(path):
        return None
    else:
        beginning = head.decode("utf-8-sig", "replace").lower()
    beginning = beginning.lstrip()
    if "<fictionbook" in beginning:
        return "fb2"
    if "<svg" in beginning and beginning.startswith("<"):
        return "svg"
    if beginning.startswith(("<!doctype html", "<html")) or (
        beginning.startswith("<") and "<html" in beginning
    ):
        return "html"
    suffix = Path(name).suffix.lower()
    if beginning.startswith("<") and suffix in TYPES["html"].extensions:
        return "html"
    return _BY_NAME.get(suffix, "txt")


def _has_binary(path: Path) -> bool:
    """Say whether there are bytes that no text has, in any encoding."""
    with path.open("rb") as stream:
        return any(chunk.translate(None, _TEXT_BYTES) for chunk in iter(lambda: stream.read(1 << 18), b""))


_TEXT_BYTES: Final = bytes({9, 10, 12, 13, 26, 27} | set(range(32, 256)))
