"""One run of a job, in a process of its own: ``python -m libhub.serving.job_process INSTANCE JOB RUN LOCK_SECONDS``."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from flask import Flask

from libhub.base.audit import acting_as
from libhub.base.db import db, has_unsaved
from libhub.base.errors import LibHubError
from libhub.base.i18n import keep
from libhub.kit.jobs import turns
from libhub.kit.jobs.models import Job
from libhub.kit.jobs.turns import Turn
from libhub.kit.jobs.work import Beat, JobResult, JobStopped, JobWork, Standing
from libhub.plugging import calls
from libhub.plugging.answers import WrongAnswer
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.records import JobKind
from libhub.serving.section_process import leave, set_up
from libhub.web.visitor import viewer_for

MODULE: Final = "libhub.serving.job_process"


def main() -> None:
    """Do the work of the job that the arguments name."""
    instance, job_id, run, lock_seconds = sys.argv[1:]
    app = set_up(instance, float(lock_seconds))
    with app.app_context():
        do(app, Turn(int(job_id), int(run)))
    leave()


def do(app: Flask, turn: Turn) -> None:
    """Run a job to its end, or until it shall stop, and settle what came of it."""
    job = db.session.get_one(Job, turn.job_id)
    kind, arguments, plugin_id = get_registry().job_kinds[job.kind], job.arguments, job.plugin_id
    standing = Standing()
    beat = Beat(app, turn, standing)
    result, failed = JobResult(""), True
    try:
        with _in_the_name_of(job.started_by), beat:
            result, failed = _result(kind, JobWork(turn, job.state, standing), arguments), False
    except JobStopped:
        db.session.rollback()
        turns.stand_still(turn)
        return
    except LibHubError as error:
        result = JobResult(str(error))
    except BaseException as error:  # noqa: BLE001 - sys.exit, say: it is no end of the work
        db.session.rollback()
        calls.note_failure(plugin_id, f"job {kind.name}", error)
    db.session.rollback()
    turns.end(turn, result.text, result.url, failed=failed)


def _result(kind: JobKind, work: JobWork, arguments: dict[str, object]) -> JobResult:
    result = kind.run(work, **arguments)
    if has_unsaved():
        raise WrongAnswer("it changed rows outside writing()")
    if result is None:
        return JobResult("")
    if not isinstance(result, JobResult):
        raise WrongAnswer(f"a JobResult or None is needed, not {type(result).__name__}")
    if result.url and (not result.url.startswith("/") or result.url.startswith(("//", "/\\"))):
        raise WrongAnswer(f"the result leads out of the hub: {result.url}")
    keep(result.text)  # one that cannot be told is a failure of the job
    return result


def _in_the_name_of(user_id: int | None) -> AbstractContextManager[None]:
    viewer = viewer_for(user_id) if user_id is not None else None
    return acting_as(viewer.actor) if viewer else nullcontext()


if __name__ == "__main__":
    main()
