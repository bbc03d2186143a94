"""Files of a form that came without its session: held for a day, and put back when the form is sent once more."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict

from libhub.submissions.drafts import FILES, Typed
from libhub.submissions.pending_uploads import held_upload, hold_upload


@dataclass(frozen=True)
class KeptFile:
    """A file that was chosen in a field of a form."""

    field: str
    token: str
    name: str


def hold() -> list[str]:
    """Hold the files that this request sends; return what a draft keeps of them."""
    return [
        json.dumps([field, hold_upload(file.stream), file.filename])
        for field, file in request.files.items(multi=True)
        if file.filename
    ]


def of(typed: Typed) -> Sequence[KeptFile]:
    """Return the files of a draft that are still there."""
    return list(_held(typed))


def _held(typed: Typed) -> Iterator[KeptFile]:
    for kept in typed.fields.get(FILES, ()):
        found = KeptFile(*json.loads(kept))
        if held_upload(found.token) is not None:
            yield found


def put_back(typed: Typed) -> None:
    """Let this request send the files of a draft, too, in the fields into which no other file was chosen."""
    sent = MultiDict((field, file) for field, file in request.files.items(multi=True) if file.filename)
    chosen = set(sent)
    for kept in of(typed):
        path = held_upload(kept.token)
        if kept.field not in chosen and path is not None:
            sent.add(kept.field, FileStorage(path.open("rb"), kept.name, kept.field))
    request.files = ImmutableMultiDict(sent)
