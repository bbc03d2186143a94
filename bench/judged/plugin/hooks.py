"""Gives the documents beside this file to search; nothing else of a section is there."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from libhub.api import PUBLIC, Document, ItemRef, ItemType, Summary, Viewer, hookimpl


@cache
def texts() -> Mapping[str, tuple[str, str]]:
    """Return title and text by id."""
    with Path(__file__).with_name("documents.jsonl").open(encoding="utf-8") as stream:
        return {entry["id"]: (entry["title"], entry["text"]) for entry in map(json.loads, stream)}


def keys() -> Sequence[str]:
    return list(texts())


def documents(some: Sequence[str]) -> list[Document]:
    return [
        Document(ItemRef("judged", "document", key), *texts()[key], frozenset({PUBLIC}), 0) for key in some
    ]


def summaries(_viewer: Viewer, some: Sequence[str]) -> dict[str, Summary]:
    return {key: Summary(texts()[key][0], f"/judged/{key}", 0) for key in some}


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [ItemType("judged", "document", "Документы", keys, documents, summaries)]
