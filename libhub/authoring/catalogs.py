"""Interface texts from the sources to a catalogue, and from there to what gettext reads.

Extracting adds what is new, drops what is gone and keeps every translation; what is left empty is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LOCALE: Final = "ru"
"""The msgids are English, so English needs no catalogue."""
PO_FILE: Final = Path("translations", LOCALE, "LC_MESSAGES", "messages.po")
_METHODS: Final = (("tests/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.xml", "jinja2"))
_KEYWORDS: Final = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


@dataclass(frozen=True)
class Source:
    """A catalogue: whose it is, the folders that its texts come from, and the file they are translated in.

    The place of a text is told from ``root`` on, after ``prefix``.
    """

    name: str
    root: Path
    folders: tuple[Path, ...]
    po_file: Path
    prefix: str = ""

    @classmethod
    def of_section(cls, folder: Path) -> "Source":
        """Return the catalogue of a section; places read ``plugins/<id>/…``, wherever it lies."""
        return cls(folder.name, folder, (folder,), folder / PO_FILE, f"plugins/{folder.name}/")


def extract(source: Source) -> Catalog:
    """Return the texts that occur in the sources, not translated."""
    found = Catalog(charset="utf-8")
    for folder in source.folders:
        for name, line, message, comments, context in extract_from_dir(
            folder, list(_METHODS), keywords=_KEYWORDS
        ):
            place = source.prefix + (folder / name).relative_to(source.root).as_posix()
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


def compile_texts(source: Source) -> Path:
    """Write beside the catalogue what gettext reads, and return that file."""
    target = source.po_file.with_suffix(".mo")
    with target.open("wb") as stream:
        write_mo(stream, read(source))
    return target


def is_translated(text: str | Sequence[str] | None) -> bool:
    """Say whether a translation, or each of its plural forms, is filled in."""
    return bool(text) if text is None or isinstance(text, str) else bool(text) and all(text)
