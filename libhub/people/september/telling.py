"""A new school year in lines of text, as the command line tells it."""

from collections.abc import Iterator

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.people.september import promoting, undoing
from libhub.people.september.plan import Plan, Wishes, letters_of, plan_of
from libhub.people.september.undoing import Undoing


def promoted(first: str, *, dry_run: bool) -> Iterator[str]:
    """Begin the school year, or only look at it, and tell it; exceptions are made on the page.

    :raises LibHubError: it cannot be begun.
    """
    wishes = Wishes(first=letters_of(first))
    plan = plan_of(wishes) if dry_run else promoting.promote(wishes)[1]
    yield from _told(plan)
    yield from plan.problems
    if dry_run:
        yield _("Nothing was changed.")


def _told(plan: Plan) -> Iterator[str]:
    yield _("School year %(year)s", year=promoting.year_in_words(plan.year))
    out, new = _("leaves the school"), _("is made")
    for step in plan.steps:
        yield f"{step.name}\t→ {step.becomes or out}\t{step.people}"
    for name in plan.made:
        yield f"{name}\t{new}"
    yield _("Accounts that are closed: %(number)d", number=len(plan.leavers))


def undone(*, dry_run: bool) -> Iterator[str]:
    """Undo the last beginning of a school year, or only look at it, and tell it.

    :raises LibHubError: there is none that can be undone.
    """
    promotion = undoing.latest()
    if promotion is None:
        raise LibHubError(_("There is no school year that could be undone."))
    found, lost = (undoing.undoing_of(promotion), []) if dry_run else undoing.undo(promotion.id)
    yield from _told_undone(found)
    yield from undoing.in_words((*found.left, *lost))
    if dry_run:
        yield _("Nothing was changed.")


def _told_undone(found: Undoing) -> Iterator[str]:
    yield _("School year %(year)s", year=promoting.year_in_words(found.year))
    for now, then in found.classes.values():
        yield f"{now}\t→ {then}"
    deleted, away = _("is deleted: nobody is in it"), _("goes to the archive")
    for name in found.removed.values():
        yield f"{name}\t{deleted}"
    for name in found.put_away.values():
        yield f"{name}\t{away}"
    yield _("Accounts that are open again: %(number)d", number=found.back)
