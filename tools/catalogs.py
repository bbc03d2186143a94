"""Interface texts from the sources to the catalogues: ``python -m tools.catalogs [FOLDER]``.

There is one catalogue for the core with the shared templates, and one in every plugin. Extracting adds what is
new, drops what is gone and keeps every translation; what is left empty the tests name.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

LOCALE: Final = "ru"
"""The msgids are English, so English needs no catalogue."""
_METHODS: Final = (("**.py", "python"), ("**.html", "jinja2"))
_KEYWORDS: Final = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


@dataclass(frozen=True)
class Source:
    """A catalogue: whose it is, the folders that its texts come from, and the file they are translated in."""

    name: str
    root: Path
    folders: tuple[Path, ...]
    po_file: Path


def sources(root: Path) -> Iterator[Source]:
    """Yield the catalogues of a checkout: the core's, then those of its plugins in the order of their names."""
    po_file = Path("translations", LOCALE, "LC_MESSAGES", "messages.po")
    core = root / "libhub"
    yield Source("libhub", root, (core, root / "templates"), core / po_file)
    for manifest in sorted(root.glob("plugins/*/plugin.toml")):
        yield Source(manifest.parent.name, root, (manifest.parent,), manifest.parent / po_file)


def extract(source: Source) -> Catalog:
    """Return the texts that occur in the sources, not translated."""
    found = Catalog(charset="utf-8")
    for folder in source.folders:
        for name, line, message, comments, context in extract_from_dir(
            folder, list(_METHODS), keywords=_KEYWORDS
        ):
            place = (folder / name).relative_to(source.root).as_posix()
            found.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return found


def read(source: Source) -> Catalog:
    """Return the translated texts; none where there is no file yet."""
    if not source.po_file.exists():
        return Catalog(
            LOCALE,
            header_comment=f"# Interface texts of {source.name} in Russian.",
            project="LibHub",
            version="1",
            msgid_bugs_address="",
            last_translator="",
            language_team="",
            charset="utf-8",
            fuzzy=False,
        )
    with source.po_file.open("rb") as stream:
        return read_po(stream, locale=LOCALE)


def write(source: Source, catalog: Catalog) -> None:
    """Store the catalogue, in an order and a form that change only where a text does."""
    source.po_file.parent.mkdir(parents=True, exist_ok=True)
    with source.po_file.open("wb") as stream:
        write_po(stream, catalog, width=110, ignore_obsolete=True, sort_by_file=True, include_lineno=False)


def update(source: Source) -> list[str]:
    """Bring a catalogue up to date with its sources; return the texts that wait for a translation."""
    catalog = read(source)
    catalog.update(extract(source), no_fuzzy_matching=True, update_creation_date=False)
    write(source, catalog)
    return [str(message.id) for message in catalog if message.id and not is_translated(message.string)]


def is_translated(text: str | Sequence[str] | None) -> bool:
    """Say whether a translation, or each of its plural forms, is filled in."""
    return bool(text) if text is None or isinstance(text, str) else bool(text) and all(text)


def main(root: Path) -> None:
    """Update every catalogue of a checkout and name what is left to translate."""
    for source in sources(root):
        for text in update(source):
            print(f"{source.name}: {text}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
