"""Whose turn it is, and what becomes of a job whose process ended: what the hub does behind the scenes."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update

from libhub.base.db import db, writing
from libhub.base.i18n import LazyString, keep
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now
from libhub.kit.jobs.models import DONE, FAILED, RUNNING, STOPPED, WAITING, Job, JobPerson
from libhub.notices.notices import notify
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry

MOST_TRIES: Final = 3
"""A job whose process ended so often without having saved anything anew is not begun again."""
FORCE_SECONDS: Final = 15.0
"""One that does not stop by itself within this time is ended."""


@dataclass(frozen=True)
class Turn:
    """One run of a job."""

    job_id: int
    run: int


def take_up() -> None:
    """Let those go on whose processes went with the hub: it starts, so none of them runs."""
    with writing():
        for job in db.session.scalars(select(Job).where(Job.status == RUNNING)):
            _interrupted(job)


def claim() -> Turn | None:
    """Return the next job to be done, the oldest of a section that is on; from now on it runs."""
    if not _waiting():
        return None
    with writing():
        job = next(iter(_waiting()), None)
        if job is None:
            return None
        job.status, job.begun_at = RUNNING, job.begun_at or now()
        job.runs, job.tries = job.runs + 1, job.tries + 1
        return Turn(job.id, job.runs)


def _waiting() -> list[Job]:
    working = state.enabled_plugins()
    found = db.session.scalars(select(Job).where(Job.status == WAITING).order_by(Job.id))
    kinds = get_registry().job_kinds
    return [job for job in found if job.plugin_id in working and job.kind in kinds]


def must_end(turn: Turn) -> bool:
    """Say whether a run has to come to its end: somebody wishes it, its section was switched off, or it is another's."""
    job = db.session.scalar(
        select(Job).where(Job.id == turn.job_id).execution_options(populate_existing=True)
    )
    return (
        job is None
        or job.runs != turn.run
        or job.status != RUNNING
        or job.stop_asked_at is not None
        or job.plugin_id not in state.enabled_plugins()
    )


def note_progress(turn: Turn, done: int, total: int) -> None:
    """Write down how far a run is."""
    with writing():
        mine = (Job.id == turn.job_id) & (Job.runs == turn.run) & (Job.status == RUNNING)
        db.session.execute(update(Job).where(mine).values(done=done, total=total))


def stand_still(turn: Turn) -> None:
    """Settle a run that came to its end before the work did, as it was told to: stopped, or waiting again."""
    with writing():
        job = _running(turn)
        if job is None:
            return
        if job.stop_asked_at:
            job.status, job.ended_at = STOPPED, now()
        else:
            job.status, job.tries = WAITING, max(0, job.tries - 1)


def broke_off(turn: Turn) -> None:
    """Settle a run whose process ended by itself, if it did not settle itself: it is tried again, but not for ever."""
    with writing():
        job = _running(turn)
        if job is not None:
            _interrupted(job)


def _interrupted(job: Job) -> None:
    if job.stop_asked_at:
        job.status, job.ended_at = STOPPED, now()
    elif job.tries < MOST_TRIES:
        job.status = WAITING
    else:
        text = _l("It broke off %(times)d times and is not tried again by itself.", times=job.tries)
        _end(job, FAILED, text)


def end(turn: Turn, text: str | LazyString, url: str = "", *, failed: bool = False) -> None:
    """Settle a run that came to the end of the work, well or not, and tell those who wanted it."""
    with writing():
        job = _running(turn)
        if job is not None:
            job.url = url
            _end(job, FAILED if failed else DONE, text)


def _end(job: Job, status: str, text: str | LazyString) -> None:
    job.status, job.ended_at, job.stop_asked_at = status, now(), None
    job.text, job.message = keep(text)
    people = db.session.scalars(select(JobPerson.user_id).where(JobPerson.job_id == job.id)).all()
    kind = get_registry().job_kinds.get(job.kind)
    label = kind.label if kind else job.kind
    words = {
        (DONE, True): _l("Done: %(what)s. %(result)s", what=label, result=text),
        (DONE, False): _l("Done: %(what)s.", what=label),
        (FAILED, True): _l("Failed: %(what)s. %(result)s", what=label, result=text),
        (FAILED, False): _l("Failed: %(what)s.", what=label),
    }
    told = words[status, bool(job.text)]
    notify(people, told, f"/jobs/{job.id}", plugin=job.plugin_id)


def _running(turn: Turn) -> Job | None:
    """Return the job of a run while it is that run's. Call inside ``writing()``."""
    job = db.session.get(Job, turn.job_id, populate_existing=True)
    return job if job is not None and job.runs == turn.run and job.status == RUNNING else None
