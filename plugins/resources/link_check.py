"""Do the links of the directory still work? Asked when the librarian wishes, politely, with few connections.

A school may be offline, or its filter may be down: when no site at all could be reached, nobody can say
which links are dead, and nothing is written down.
"""

import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from sqlalchemy import func, select, update

if TYPE_CHECKING:
    import httpx  # 5 MB that only this check needs, so it is imported where it begins

from libhub.api import JobResult, JobWork, LibHubError, db, lazy_ngettext, now, writing
from libhub.api import gettext as _
from plugins.resources.models import Resource
from plugins.resources.vocabulary import BROKEN_STATES

TIMEOUT_SECONDS: Final = 10.0
AT_ONCE: Final = 8
MAX_REDIRECTS: Final = 5
PROBES: Final = 5
"""Other sites that are asked before somebody is believed to be offline."""
CHUNK: Final = 200
PART_OF_JOB: Final = 40
"""After so many links what was found is written down: so much is looked at again where a job was broken off."""
JOB: Final = "resources.check_links"
RECENT: Final = timedelta(days=30)
_UNREACHED: Final = frozenset({"unreachable", "timeout"})
_HEADERS: Final = {"User-Agent": "Mozilla/5.0 (compatible; LibHub link check)", "Accept": "*/*"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Target:
    """A link to be checked."""

    id: int
    title: str
    url: str

    @property
    def host(self) -> str:
        """The site, without www."""
        return _site(self.url)


@dataclass(frozen=True)
class Finding:
    """What a link turned out to be: a name of ``LINK_STATES``, and the status of HTTP if there was one."""

    target: Target
    state: str
    code: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What a check found. ``offline``: no site could be reached, and therefore nothing was written down."""

    findings: list[Finding]
    offline: bool = False


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _same_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def look(client: "httpx.Client", target: Target) -> Finding:
    """Ask one address and follow where it leads, five steps at most. Never raises."""
    import httpx

    url, moved, code = target.url, False, None
    try:
        for _step in range(MAX_REDIRECTS + 1):
            code, onward = _ask(client, url)
            if onward is None:
                return Finding(target, _state(code, moved), code)
            url, moved = urljoin(url, onward), True
            if urlsplit(url).scheme not in {"http", "https"} or not _same_site(_site(url), target.host):
                return Finding(target, "other_site", code)
        return Finding(target, "error", code)
    except httpx.TimeoutException:
        return Finding(target, "timeout")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        return Finding(target, "certificate" if _about_certificate(error) else "unreachable")


def _ask(client: "httpx.Client", url: str) -> tuple[int, str | None]:
    """Return the status and where a redirect leads. What HEAD is refused, GET may get; no body is read."""
    answer = client.head(url)
    code, onward = answer.status_code, answer.headers.get("Location")
    if code >= 400:
        with client.stream("GET", url) as full:
            code, onward = full.status_code, full.headers.get("Location")
    return code, onward if 300 <= code < 400 else None


def _state(code: int, moved: bool) -> str:
    if code in {404, 410}:
        return "gone"
    if code >= 400:
        return "error"
    return "redirect" if moved else "ok"


def _about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def check(
    targets: Sequence[Target],
    progress: Progress = lambda _done, _all: None,
    *,
    timeout: float = TIMEOUT_SECONDS,
) -> Outcome:
    """Check links and write down what was found, unless nothing at all could be reached.

    :param timeout: seconds that a site has to answer.
    """
    import httpx

    findings: list[Finding] = []
    with (
        httpx.Client(timeout=timeout, headers=_HEADERS, follow_redirects=False) as client,
        ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links") as pool,
    ):
        for start in range(0, len(targets), CHUNK):
            part = targets[start : start + CHUNK]
            found: list[Finding] = []
            try:
                for future in as_completed([pool.submit(look, client, target) for target in part]):
                    found.append(future.result())
                    progress(start + len(found), len(targets))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)  # who stops a check does not wait for the rest
                raise
            if not _online(client, pool, found):
                return Outcome(findings, offline=True)
            store(found, now())
            findings += found
    return Outcome(sorted(findings, key=lambda finding: finding.target.title.lower()))


def _online(client: "httpx.Client", pool: ThreadPoolExecutor, found: Sequence[Finding]) -> bool:
    """Say whether any site answered: one of those that were checked, or else of a few others."""
    if any(finding.state not in _UNREACHED for finding in found):
        return True
    hosts = {finding.target.host for finding in found}
    others: dict[str, Target] = {}
    query = select(Resource.id, Resource.title, Resource.url).where(Resource.archived_at.is_(None))
    for row in db.session.execute(query.order_by(Resource.link_state != "ok", Resource.id).limit(CHUNK)):
        target = Target(*row)
        if target.host not in hosts and len(others) < PROBES:
            others.setdefault(target.host, target)
    probed = pool.map(lambda target: look(client, target), others.values())
    return any([finding.state not in _UNREACHED for finding in probed])  # noqa: C419 - waits for all of them


def store(findings: Sequence[Finding], at: datetime) -> None:
    """Write down what was found. The resource itself did not change, so its moment of change stays."""
    with writing():
        for finding in findings:
            db.session.execute(
                update(Resource)
                .where(Resource.id == finding.target.id, Resource.url == finding.target.url)
                .values(
                    link_state=finding.state,
                    link_code=finding.code,
                    link_checked_at=at,
                    updated_at=Resource.updated_at,
                )
            )


def targets(*, everything: bool = False, before: datetime | None = None) -> list[Target]:
    """Return links to be checked, those first that were not checked for longest.

    :param everything: also those that were found to work within the last month.
    :param before: only those that were not checked since.
    """
    query = select(Resource.id, Resource.title, Resource.url).where(Resource.archived_at.is_(None))
    if before is not None:
        query = query.where(Resource.link_checked_at.is_(None) | (Resource.link_checked_at < before))
    if not everything:
        recent = (Resource.link_checked_at > now() - RECENT) & Resource.link_state.in_(("ok", "redirect"))
        query = query.where(Resource.link_checked_at.is_(None) | ~recent)
    query = query.order_by(Resource.link_checked_at.is_not(None), Resource.link_checked_at, Resource.id)
    return [Target(*row) for row in db.session.execute(query)]


def check_as_job(work: JobWork, *, everything: bool) -> JobResult:
    """Check links behind the scenes, in parts: what an earlier run has checked is not checked again.

    :raises LibHubError: no site can be reached.
    """
    if work.state is None:
        work.save({"since": now().isoformat()})
    since = datetime.fromisoformat(work.state["since"])
    rest = targets(everything=everything, before=since)
    done, _broken = _found_since(since)
    total = done + len(rest)
    for start in range(0, len(rest), PART_OF_JOB):
        before = done + start
        outcome = check(
            rest[start : start + PART_OF_JOB],
            lambda more, _all, before=before: work.progress(before + more, total),  # type: ignore[misc]
        )
        if outcome.offline:
            raise LibHubError(
                _("No site could be reached, so there seems to be no Internet. Nothing was marked.")
            )
    checked, broken = _found_since(since)
    text = lazy_ngettext(
        "%(num)d link checked; not working: %(broken)d.",
        "%(num)d links checked; not working: %(broken)d.",
        checked,
        broken=broken,
    )
    return JobResult(text, "/resources/manage?state=broken" if broken else "/resources/manage")


def _found_since(since: datetime) -> tuple[int, int]:
    """Return how many links were checked since a moment, and how many of these do not work."""
    checked = Resource.link_checked_at >= since
    broken = Resource.link_state.in_(BROKEN_STATES)
    query = select(func.count(), func.count().filter(broken)).where(checked, Resource.archived_at.is_(None))
    number, bad = db.session.execute(query).one()
    return number, bad


def target_of(resource: Resource) -> Target:
    """Return the link of one resource."""
    return Target(resource.id, resource.title, resource.url)
