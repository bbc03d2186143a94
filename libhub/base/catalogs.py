"""Catalogues of texts: from ``.po``, which people edit, to ``.mo``, which gettext reads. Used by the build of the wheel, too."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalog(source: Path) -> Path:
    """Write the ``.mo`` beside a ``.po`` and return it.

    :raises OSError: one of them cannot be read or written.
    """
    with source.open("rb") as stream:
        catalog = read_po(stream)
    target = source.with_suffix(".mo")
    with target.open("wb") as stream:
        write_mo(stream, catalog)
    return target


def is_stale(source: Path) -> bool:
    """Say whether the ``.mo`` of a ``.po`` is missing or older."""
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns
