"""ZIP files that somebody sent: looked at before anything is unpacked. Nothing is ever unpacked to the disk."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, Final

from defusedxml import ElementTree

from libhub.files.extraction.output import Unreadable

MOST_MEMBERS: Final = 20_000
MOST_BYTES: Final = 400 * 1024 * 1024
"""Of everything unpacked."""
MOST_XML_BYTES: Final = 100 * 1024 * 1024
"""Of one member that is parsed."""
MOST_RATIO: Final = 150
"""Unpacked to packed, of an archive that unpacks to more than ``SUSPECT_BYTES``; documents reach about 20."""
SUSPECT_BYTES: Final = 20 * 1024 * 1024
_ENCRYPTED: Final = 0x1


@contextmanager
def opened(path: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose directory holds nothing suspicious.

    What the directory says can be relied on: unpacking stops at the size that it names.

    :raises Unreadable: a bomb, a name that leads out of the archive, or a password.
    """
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        total = sum(member.file_size for member in members)
        packed = sum(member.compress_size for member in members)
        if len(members) > MOST_MEMBERS or total > MOST_BYTES:
            raise Unreadable("bomb")
        if total > SUSPECT_BYTES and total > MOST_RATIO * max(packed, 1):
            raise Unreadable("bomb")
        if any(_leads_out(member.filename) for member in members):
            raise Unreadable("path")
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise Unreadable("encrypted")
        yield archive


def _leads_out(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in PurePosixPath(plain).parts


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a member that is small enough to be parsed.

    :raises KeyError: there is none.
    :raises Unreadable: it is not.
    """
    if archive.getinfo(name).file_size > MOST_XML_BYTES:
        raise Unreadable("bomb")
    return archive.read(name)


def parse(archive: zipfile.ZipFile, name: str) -> Any:
    """Return the root element of an XML member; entities are refused.

    :raises KeyError: there is none.
    """
    return ElementTree.fromstring(read(archive, name))
