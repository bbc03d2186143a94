"""What is left of somebody in the files of an instance: words are looked for in every spelling in which a file may have them."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "cp1251")
_FOLDERS_OF_CODE: Final = frozenset({"plugins", "templates"})


def leftovers(instance: Path, words: Iterable[str]) -> list[str]:
    """Return in which files of an instance, its database and log included, which of these words are."""
    looked_for = {word: set(_spellings(word)) for word in words}
    return [
        f"{path.relative_to(instance)}: {word}"
        for path in sorted(instance.rglob("*"))
        if path.is_file() and path.relative_to(instance).parts[0] not in _FOLDERS_OF_CODE
        for content in [b"".join(_contents(path))]
        for word, spellings in looked_for.items()
        if any(each in content for each in spellings)
    ]


def _contents(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    yield path.name.encode()
    yield content
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from map(archive.read, archive.namelist())


def _spellings(word: str) -> Iterator[bytes]:
    for text in (word, word.lower(), word.upper(), word.title()):
        for encoding in _ENCODINGS:
            try:
                yield text.encode(encoding)
            except UnicodeEncodeError:
                continue
        escaped = json.dumps(text)[1:-1]
        yield from (escaped.encode(), escaped.upper().replace("\\U", "\\u").encode())
