"""Starting a job, seeing it, stopping it, going on with it: what people do. See ``turns`` for what the hub does."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, or_, select

from libhub.accounts.viewer import Viewer
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import read_kept
from libhub.base.moments import now
from libhub.kit.jobs.models import DONE, FAILED, RUNNING, STOPPED, UNFINISHED, WAITING, Job, JobPerson
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry

KEPT: Final = timedelta(days=30)
"""How long one that ended is shown."""
MOST_SHOWN: Final = 50


def start_job(
    kind: str, arguments: Mapping[str, Any] | None = None, *, started_by: int | None, key: str = ""
) -> int:
    """Have a job done behind the scenes, as soon as the transaction of the caller is committed; return its number.

    Its page is ``url_for("jobs.show", job_id=…)``. Who starts it is told when it ended.

    :param kind: ``<section>.<name>`` of a declared :class:`JobKind`.
    :param arguments: what JSON can hold; given to its function by name.
    :param started_by: the account; ``None`` for nobody.
    :param key: where one of the same kind and key is not finished, this person joins it.
    :raises KeyError: no such kind is declared.
    :raises TypeError: JSON cannot hold the arguments.
    """
    if kind not in get_registry().job_kinds:
        raise KeyError(kind)
    kept = json.loads(json.dumps(dict(arguments or {}), allow_nan=False))
    with writing():
        same = select(Job).where(Job.kind == kind, Job.key == key, Job.status.in_(UNFINISHED))
        job = db.session.scalar(same.where(Job.stop_asked_at.is_(None))) if key else None
        if job is None:
            job = Job(kind=kind, arguments=kept, key=key, started_by=started_by)
            db.session.add(job)
            db.session.flush()
        if started_by is not None and db.session.get(JobPerson, (job.id, started_by)) is None:
            db.session.add(JobPerson(job_id=job.id, user_id=started_by))
        return job.id


def find(job_id: int, viewer: Viewer) -> Job | None:
    """Return a job; None where there is none, or it is not this visitor's to see."""
    return db.session.scalar(select(Job).where(Job.id == job_id, _shown(viewer)))


def listing(viewer: Viewer) -> list[Job]:
    """Return the jobs that this visitor may see, the newest first."""
    query = select(Job).where(_shown(viewer)).order_by(Job.id.desc()).limit(MOST_SHOWN)
    return list(db.session.scalars(query))


def _shown(viewer: Viewer) -> ColumnElement[bool]:
    mine = select(JobPerson.job_id).where(JobPerson.user_id == viewer.user_id)
    kinds = get_registry().job_kinds.items()
    permitted = [name for name, kind in kinds if kind.permission and viewer.can(kind.permission)]
    return or_(Job.id.in_(mine), Job.kind.in_(permitted))


def ask_to_stop(job_id: int) -> None:
    """Have a job stopped: at once where it waits, else at its next look, and soon by force."""
    with writing():
        job = db.session.get_one(Job, job_id)
        if job.status == WAITING:
            job.status, job.ended_at = STOPPED, now()
        elif job.status == RUNNING and job.stop_asked_at is None:
            job.stop_asked_at = now()


def go_on(job_id: int) -> None:
    """Go on with a job that was stopped or failed, from where it stood.

    :raises LibHubError: it does not stand still, or another one does the same now.
    """
    with writing():
        job = db.session.get_one(Job, job_id)
        if job.status not in (STOPPED, FAILED):
            raise LibHubError(_("It has gone on, or it is done."))
        same = select(Job.id).where(Job.kind == job.kind, Job.key == job.key, Job.status.in_(UNFINISHED))
        if job.key and db.session.scalar(same) is not None:
            raise LibHubError(_("Somebody has started the same anew. Look at that one."))
        job.status, job.tries, job.text, job.message = WAITING, 0, "", None
        job.ended_at = job.stop_asked_at = None


def label_of(job: Job) -> str:
    """Return what a job is called."""
    kind = get_registry().job_kinds.get(job.kind)
    return str(kind.label) if kind else job.kind


def in_words(job: Job) -> str:
    """Return how it stands with a job, in a sentence."""
    if job.status == WAITING:
        if job.plugin_id not in state.enabled_plugins():
            return _("It waits until the section is switched on again.")
        return _("It waits for its turn.")
    if job.status == RUNNING:
        if job.stop_asked_at:
            return _("It is being stopped …")
        if job.total:
            return _("It is being done: %(done)d of %(total)d", done=job.done, total=job.total)
        return _("It is being done …")
    if job.status == STOPPED:
        return _("It was stopped. What was done until then is kept.")
    said = read_kept(job.text, job.message)
    if job.status == DONE:
        return said or _("It is done.")
    return said or _("It failed. The librarian finds the reason on the page “Sections”.")


def personal_data(user_id: int) -> list[dict[str, Any]]:
    """Return the jobs that a person wanted. That it was this person goes with the account."""
    query = select(Job).join(JobPerson, JobPerson.job_id == Job.id).where(JobPerson.user_id == user_id)
    return [
        {"at": job.created_at.isoformat(), "what": label_of(job), "arguments": job.arguments}
        for job in db.session.scalars(query.order_by(Job.id))
    ]


def forget_old() -> None:
    """Delete what ended long ago."""
    with writing():
        db.session.execute(delete(Job).where(Job.ended_at < now() - KEPT))
