"""«Delete for good»: a person is erased from all that the hub and its sections keep, and stays so when a copy is restored.

One transaction takes the person out of the database and writes the number into the register. What can only be done after it is
written there, too, and done by whoever comes next: files are deleted, the register outside of the database gets its line, and
behind the scenes the unused parts of the database and of the index are overwritten.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.models import User
from libhub.base.audit import PROGRAM, Actor, acting_as
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.files import personal_data as files
from libhub.people.personal_data import consents, erased, log_scrubbing, traces
from libhub.people.personal_data.erased import ErasedPerson, Erasure
from libhub.plugging import calls
from libhub.search.current import get_index
from libhub.search.store.index import IndexUnavailable
from libhub.search.store.indexer import Indexer

logger = logging.getLogger(__name__)

NOBODY: Final = Actor(None, "")
"""Who did what a person did who is erased."""
_WAITED_MS: Final = 5_000


def erase_person(user_id: int, actor: Actor, *, at: datetime | None = None) -> list[calls.SectionFailure]:
    """Erase a person; return the failures of sections: with any of them, what the others keep is gone and the account stays.

    :param actor: on whose behalf.
    :param at: when it was done first, where it is done once more on a restored database.
    :raises LibHubError: a section says why it cannot be done, or nobody would be left to administer the hub: nothing is changed.
    """
    user = accounts.get_user(user_id)
    name = user.name
    held = traces.held_of(user_id, log_scrubbing.names_of(user_id))
    with acting_as(NOBODY if actor.user_id == user_id else actor), writing():
        person = log_scrubbing.whose(user_id)
        removed_before = files.removed()
        failures = calls.call_each_apart("erase_personal_data", user_id=user_id, actor=actor)
        if failures:
            return failures
        gone = files.erase(user_id, removed_before)
        consents.forget_giver(user_id, name)
        traces.forget(user_id, person.names)
        accounts.erase(user_id)
        log_scrubbing.forget(person, now(), gone.attachments)
        db.session.add(ErasedPerson(user_id=user_id, at=at or now(), files=list(gone.contents), held=held))
    try:
        finish()
    except OSError:  # the process behind the scenes tries again
        logger.exception("files of somebody who was erased could not be deleted now")
    return []


def finish() -> None:
    """Do what is left to be done after the transactions of erasures: the register's file, files. Safe to repeat."""
    erased.write_down(erased.in_database() - erased.in_file())
    query = select(ErasedPerson.id, ErasedPerson.files, ErasedPerson.held).where(
        ErasedPerson.wiped_at.is_(None)
    )
    for number, contents, held in db.session.execute(query).all():
        if contents or held:
            files.delete_contents(contents)
            traces.drop_held(held)
            with writing():
                row = db.session.get_one(ErasedPerson, number)
                row.files, row.held = [], []


def needs_wiping() -> bool:
    """Say whether something of those who were erased may be left in unused parts of files."""
    return (
        db.session.scalar(select(ErasedPerson.id).where(ErasedPerson.wiped_at.is_(None)).limit(1)) is not None
    )


def wipe(indexer: Indexer) -> bool:
    """Overwrite the unused parts of the database and of the index; say whether all of it could be done now.

    It takes as long as writing both anew: for the process behind the scenes, and for commands.
    """
    finish()
    until = now()
    if get_index().current_folder() is not None:
        try:
            indexer.purge(timeout=30)
        except IndexUnavailable:
            return False  # it is being made anew, and will be purged then
    if not _rewrite_database():
        return False
    with writing():
        query = select(ErasedPerson).where(ErasedPerson.wiped_at.is_(None), ErasedPerson.at <= until)
        for row in db.session.scalars(query):
            row.wiped_at = now()
    return True


def _rewrite_database() -> bool:
    """Write the database anew without what is unused, and empty its log; not while somebody reads an older state."""
    if db.engine.dialect.name != "sqlite":
        return True
    db.session.rollback()
    raw = db.engine.raw_connection()
    try:
        connection = raw.driver_connection
        assert connection is not None
        connection.execute("VACUUM")
        connection.execute(f"PRAGMA busy_timeout = {_WAITED_MS}")
        busy, _pages, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        raw.invalidate()  # its patience was changed
        raw.close()


@dataclass
class Replayed:
    """What became of the register at a start: how many were erased once more, and what could not be done, in words."""

    again: int = 0
    problems: list[str] = field(default_factory=list)


def come_back() -> dict[Erasure, User]:
    """Return those who were erased and are in the database again: an older copy of it was restored."""
    missing = erased.in_file() - erased.in_database()
    found = {each: db.session.get(User, each.user_id) for each in missing}
    # Somebody who was added after that got the same number.
    return {each: user for each, user in found.items() if user is not None and user.created_at <= each.at}


def replay() -> Replayed:
    """Hold register and database against each other: who came back with an older copy is erased once more."""
    done = Replayed()
    again = come_back()
    for each in sorted(again):
        try:
            failures = erase_person(each.user_id, PROGRAM, at=each.at)
        except LibHubError as error:
            failures = [error]  # type: ignore[list-item]
        if failures:
            done.problems += [
                _("The person № %(number)d cannot be erased: %(error)s", number=each.user_id, error=failure)
                for failure in failures
            ]
        else:
            done.again += 1
    known = erased.in_database()
    if known == erased.in_file():
        return done
    with writing():
        for each in sorted(erased.in_file() - known - set(again)):
            db.session.add(ErasedPerson(user_id=each.user_id, at=each.at, wiped_at=each.at))
        for each in sorted(
            known - erased.in_file()
        ):  # from before there was a register, or a crash came in between
            log_scrubbing.forget(_formerly(each.user_id), each.at)
    finish()
    return done


def _formerly(user_id: int) -> log_scrubbing.Whose:
    """Return what the log knows of somebody who is gone."""
    return log_scrubbing.Whose(user_id, log_scrubbing.names_of(user_id), {})
