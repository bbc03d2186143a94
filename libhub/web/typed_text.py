"""What a browser sends as text is tidy before anybody reads it: in the address, in forms, in names of files."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from libhub.base.text import tidied


class TidyValues(ImmutableMultiDict[str, Any]):
    """Values by name as somebody sent them, without signs that no table or page can show."""

    def __init__(
        self, mapping: MultiDict[str, Any] | Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None
    ) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, MultiDict) else mapping
        super().__init__(tidied(pairs) if isinstance(pairs, Mapping) else _tidy_pairs(pairs or ()))


def init_app(app: Flask) -> None:
    """Have the form and the address of every request tidy. What is sent as a file is bytes, and stays so."""
    request: type[Request] = app.request_class
    app.request_class = type("TidyRequest", (request,), {"parameter_storage_class": TidyValues})


def _tidy_pairs(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(tidied(name), tidied(value)) for name, value in pairs]
