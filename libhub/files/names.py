"""Names of files: what a person sees and downloads, whatever a browser or an archive called it."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

LONGEST: Final = 120
"""Characters; a file system allows 255 bytes, and a Cyrillic letter is two."""
_SEPARATOR: Final = re.compile(r"[\\/]")
_FORBIDDEN: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]'
)
"""Control signs, what Windows refuses in a name, and signs that turn the direction of writing."""
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def shown_name(name: str) -> str:
    """Return what a sender calls a file, without folders and without signs that no name has."""
    base = _SEPARATOR.split(unicodedata.normalize("NFC", name))[-1]
    return " ".join(_FORBIDDEN.sub(" ", base).split()).strip(". ")


def clean_name(name: str, extensions: tuple[str, ...]) -> str:
    """Return a name that is safe on every system: no folders, not too long, one of the extensions at its end.

    :param extensions: what the content may be called, the usual one first; each begins with a dot.
    """
    base = shown_name(name)
    extension = next((each for each in extensions if base.lower().endswith(each)), None)
    if extension:
        base, extension = base[: -len(extension)], base[-len(extension) :]
    else:
        extension = extensions[0]
        base = _without_extension(base)
    base = base.strip(". ") or "file"
    if _RESERVED.match(base):
        base = f"_{base}"
    return base[: LONGEST - len(extension)].rstrip(". ") + extension


def _without_extension(base: str) -> str:
    """Drop what looks like the extension of another type."""
    suffix = PurePosixPath(base).suffix
    return base[: -len(suffix)] if re.fullmatch(r"\.[A-Za-z][A-Za-z0-9]{0,4}", suffix) else base
