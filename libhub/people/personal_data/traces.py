"""What lies about for a while and names somebody: held uploads, what others are told, what waits to be done or sent."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import String, cast, delete, exists, or_, select, update

from libhub.accounts import limits
from libhub.base.db import db
from libhub.base.moments import now
from libhub.config import instance_path
from libhub.kit.jobs.models import STOPPED, UNFINISHED, Job, JobPerson
from libhub.notices.models import Notice
from libhub.submissions.drafts import FILES
from libhub.submissions.models import Draft, Sending
from libhub.submissions.pending_uploads import FOLDER, NOTES

GONE: Final = "…"
"""What stands where a name stood."""
_TOLD: Final = (
    (Notice, ("text", "message")),
    (Job, ("arguments", "state", "text", "message")),
    (Sending, ("location", "messages")),
    (Draft, ("title", "fields")),
)
"""Columns of what is told to others or waits, in which a name may stand."""
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "cp1251")
_MOST_UNPACKED: Final = 200_000_000
"""Bytes of one packed table; what is larger is taken for one that names the person."""


def held_of(user_id: int, names: Iterable[str]) -> list[str]:
    """Return the words of held uploads that are a person's, or that may name the person: tables that wait for a yes.

    Reads files: call it before ``writing()``.
    """
    kept = db.session.scalars(select(Draft.fields).where(Draft.user_id == user_id))
    mine = {json.loads(each)[1] for fields in kept for each in fields.get(FILES, ())}
    wanted = [name.lower().split() for name in names]
    folders = [instance_path(FOLDER), instance_path(NOTES)]
    paths = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    named = {path.name.partition(".")[0] for path in paths if path.is_file() and _names_one(path, wanted)}
    return sorted(mine | named)


def drop_held(tokens: Iterable[str]) -> None:
    """Delete held uploads, and what is known of them."""
    for token in tokens:
        for folder in (instance_path(FOLDER), instance_path(NOTES)):
            for path in folder.glob(f"{token}*") if folder.is_dir() else ():
                path.unlink(missing_ok=True)


def _names_one(path: Path, wanted: list[list[str]]) -> bool:
    try:
        texts = list(_texts(path.read_bytes()))
    except FileNotFoundError:
        return False
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return True  # nobody can say what is in it, and it would go within a day
    return any(words and all(word in text for word in words) for words in wanted for text in texts)


def _texts(content: bytes) -> Iterator[str]:
    """Yield what a file says in every spelling that it may have, in small letters; a packed one is unpacked."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > _MOST_UNPACKED:
                raise ValueError(GONE)
            for each in archive.namelist():
                yield archive.read(each).decode("utf-8", "ignore").lower()
    for encoding in _ENCODINGS:
        yield content.decode(encoding, "ignore").lower()


def forget(user_id: int, names: Iterable[str]) -> None:
    """Take a person out of what waits and of what others are told. Call inside ``writing()``."""
    _forget_jobs(user_id)
    limits.forget_guesses(user_id)
    page = f"/admin/users/{user_id}"
    editing = or_(Draft.action == page, Draft.page == page, Draft.page.startswith(f"{page}?"))
    db.session.execute(delete(Draft).where(editing))
    for name in (each for each in names if " " in each.strip()):
        for model, columns in _TOLD:
            _take_out(model, columns, name)


def _forget_jobs(user_id: int) -> None:
    """End what nobody else wants to be done, and forget with what it was to be done."""
    others = exists().where(JobPerson.job_id == Job.id, JobPerson.user_id != user_id)
    mine = or_(
        Job.started_by == user_id, exists().where(JobPerson.job_id == Job.id, JobPerson.user_id == user_id)
    )
    nothing: dict[str, Any] = {"arguments": {}, "state": None, "text": "", "message": None, "url": ""}
    of_nobody = [mine, ~others]
    waiting = update(Job).where(*of_nobody, Job.status.in_(UNFINISHED))
    db.session.execute(
        waiting.values(status=STOPPED, ended_at=now(), runs=Job.runs + 1, **nothing),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(
        update(Job).where(*of_nobody).values(**nothing), execution_options={"synchronize_session": False}
    )
    db.session.expire_all()


def _take_out(model: Any, columns: Iterable[str], name: str) -> None:
    spelt = {name, json.dumps(name)[1:-1]}
    texts = [cast(getattr(model, column), String) for column in columns]
    says = or_(*(text.contains(each, autoescape=True) for text in texts for each in spelt))
    for row in db.session.scalars(select(model).where(says)).all():
        for column in columns:
            setattr(row, column, _without(getattr(row, column), name))
    db.session.flush()


def _without(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return value.replace(name, GONE)
    if isinstance(value, dict):
        return {_without(key, name): _without(each, name) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, name) for each in value]
    return value
