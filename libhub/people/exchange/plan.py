"""What a table of people comes to: who is new, changed, moved, gone or doubtful. Nothing is changed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from libhub.accounts.accounts import UserDetails, clean_details
from libhub.accounts.models import User
from libhub.accounts.names import folded_login, folded_name
from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, ROLES, STUDENT
from libhub.accounts.school_class import ClassName
from libhub.base.audit import called
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.people.exchange.entries import Entry, number_key
from libhub.people.exchange.known import Hub, Known
from libhub.people.exchange.logins import Logins
from libhub.people.exchange.matching import Match, match

BY_HAND: Final = frozenset({LIBRARIAN, ADMINISTRATOR})
"""Roles that no table gives, takes or changes."""
NEW, SAME, OPEN, CLOSE, NO_CLASS = "new", "same", "open", "close", "no-class"
"""What can be chosen for a line."""


@dataclass(frozen=True)
class Step:
    """What becomes of a line, or of somebody who stands in none.

    :param kind: ``new``, ``changed``, ``moved``, ``gone``, ``doubtful``, ``same`` or ``refused``.
    :param known: whose account it is.
    :param details: what the account will be; None: nothing is done with it.
    :param text: what is told of it.
    :param options: what can be chosen, see :class:`libhub.kit.importing.Line`.
    :param near: the accounts on which the step rests.
    """

    kind: str
    part: str
    where: int | str
    name: str
    known: Known | None = None
    details: UserDetails | None = None
    active: bool = True
    text: str = ""
    options: tuple[tuple[str, str], ...] = ()
    near: tuple[Known, ...] = ()


@dataclass
class Plan:
    """The steps, in the order of the table."""

    steps: list[Step] = field(default_factory=list)
    new_classes: list[ClassName] = field(default_factory=list)


def make_plan(entries: Sequence[Entry], hub: Hub, chosen: Mapping[str, str], rule: str) -> Plan:
    """Return what a table comes to.

    :param chosen: what a person chose for doubtful lines and for those who are gone, by part.
    :param rule: by which user names are made.
    """
    planner = _Planner(hub, chosen, Logins(rule, {known.username for known in hub.people.values()}))
    matches = match(entries, hub)
    steps = [planner.step(entry, matches.get(entry.line, Match())) for entry in entries]
    steps += planner.gone(entries, matches)
    named = dict.fromkeys(entry.school_class for entry in entries if entry.school_class)
    return Plan(steps, sorted(each for each in named if each not in hub.classes))


class _Planner:
    def __init__(self, hub: Hub, chosen: Mapping[str, str], logins: Logins) -> None:
        self._hub, self._chosen, self._logins = hub, chosen, logins
        self._settled: set[int] = set()

    def step(self, entry: Entry, found: Match) -> Step:
        """Return what becomes of a line."""
        part = f"line-{entry.line}"
        plain = Step("refused", part, entry.line, entry.name, text=entry.problem)
        if entry.problem:
            return plain
        choice = self._chosen.get(part, "")
        near = tuple(known for known in (found.same, *found.perhaps) if known)
        doubtful = replace(plain, kind="doubtful", near=near)
        if found.doubt:
            same = self._picked(found.perhaps, choice)
            if same is None and choice != NEW:
                own = f"{entry.school_class}." if entry.school_class else ""
                others = "; ".join(known.told() for known in found.perhaps)
                told = " ".join(part for part in (own, found.doubt, others and f"→ {others}") if part)
                return replace(doubtful, text=told, options=_options(found.perhaps))
        else:
            same = found.same
        if entry.odd_class and choice not in {NO_CLASS, NEW, SAME} and not choice.startswith(f"{SAME}-"):
            told = _("“%(text)s” is no class.", text=entry.odd_class[:40])
            return replace(doubtful, text=told, options=((NO_CLASS, _("bring in without this class")),))
        try:
            if same is None:
                return replace(self._new(entry, plain), near=near)
            if same.id in self._settled:
                raise LibHubError(_("Another line was chosen for %(name)s already.", name=same.told()))
            self._settled.add(same.id)
            return replace(self._changed(entry, same, plain, choice), near=near)
        except LibHubError as error:
            return replace(plain, text=str(error), near=near)

    def _picked(self, perhaps: Sequence[Known], choice: str) -> Known | None:
        if choice == SAME and len(perhaps) == 1:
            return perhaps[0]
        return next((known for known in perhaps if choice == f"{SAME}-{known.id}"), None)

    def _new(self, entry: Entry, plain: Step) -> Step:
        _refuse_role(entry.meant_role)
        if entry.username and not self._logins.is_free(entry.username):
            raise LibHubError(_("The user name “%(name)s” is taken.", name=entry.username))
        self._refuse_number(entry, None)
        given = UserDetails(
            entry.username or "x-x",
            entry.name,
            entry.meant_role,
            school_class=str(entry.school_class or ""),
            class_group=entry.class_group,
            birth_date=entry.birth_date,
            school_number=entry.school_number,
        )
        clean = clean_details(given)
        if entry.username:
            login = self._logins.take(clean.username)
        else:
            login = self._logins.make(clean.name, entry.school_class)
        details = replace(clean, username=login)
        role = "" if clean.role == STUDENT else str(ROLES[clean.role])
        told = ", ".join(part for part in (role, clean.school_class, login) if part)
        return replace(plain, kind="new", details=details, active=entry.active is not False, text=told)

    def _changed(self, entry: Entry, known: Known, plain: Step, choice: str) -> Step:
        step = replace(plain, part=plain.part, name=known.name, known=known)
        active = known.active if entry.active is None else entry.active
        if not known.active and entry.active is None:
            if choice not in {OPEN, SAME} and not choice.startswith(f"{SAME}-"):
                told = _("The account %(name)s is closed.", name=known.told())
                return replace(
                    step, kind="doubtful", text=told, options=((OPEN, _("open it again")),), near=(known,)
                )
            active = True
        before = UserDetails(
            known.username,
            known.name,
            known.role,
            school_class=str(known.school_class or ""),
            class_group=known.class_group,
            birth_date=known.birth_date,
            school_number=known.school_number,
        )
        after = clean_details(self._after(entry, known, before))
        changes = _differences(before, after)
        if active != known.active:
            changes.append(_("the account is opened") if active else _("the account is closed"))
        if not changes:
            return replace(step, kind="same")
        _refuse_role(known.role)
        _refuse_role(after.role)
        self._refuse_number(entry, known)
        if folded_login(after.username) != folded_login(known.username):
            if not self._logins.is_free(after.username):
                raise LibHubError(_("The user name “%(name)s” is taken.", name=after.username))
            self._logins.take(after.username)
        moved = before.school_class and after.school_class != before.school_class
        kind = "moved" if moved else "changed"
        return replace(step, kind=kind, details=after, active=active, text="; ".join(changes))

    def _after(self, entry: Entry, known: Known, before: UserDetails) -> UserDetails:
        """Return what a line makes of somebody; what it leaves empty stays."""
        same_number = number_key(entry.school_number) == number_key(known.school_number)
        same_login = folded_login(entry.username) == folded_login(known.username)
        return replace(
            before,
            name=known.name if folded_name(entry.name) == folded_name(known.name) else entry.name,
            role=entry.role or known.role,
            school_class=str(entry.school_class or before.school_class),
            class_group=entry.class_group or before.class_group,
            birth_date=entry.birth_date or before.birth_date,
            school_number=entry.school_number
            if entry.school_number and not same_number
            else known.school_number,
            username=entry.username if entry.username and not same_login else known.username,
        )

    def _refuse_number(self, entry: Entry, known: Known | None) -> None:
        owner = self._hub.numbered(entry.school_number)
        if owner is not None and owner is not known:
            raise LibHubError(
                _(
                    "%(name)s has the number %(number)s in the school's list already.",
                    name=owner.name,
                    number=entry.school_number,
                )
            )

    def gone(self, entries: Sequence[Entry], matches: Mapping[int, Match]) -> list[Step]:
        """Return the pupils of the classes of which the table speaks, of whom no line speaks."""
        spoken_of = {
            known.id for found in matches.values() for known in (found.same, *found.perhaps) if known
        }
        classes = sorted({entry.school_class for entry in entries if entry.school_class})
        steps = []
        for school_class in classes:
            for known in self._hub.by_class.get(school_class, ()):
                if known.id in spoken_of or known.role != STUDENT or not known.active:
                    continue
                part = f"gone-{known.id}"
                told = ", ".join((str(school_class), known.username))
                step = Step("gone", part, "", known.name, known, text=told, near=(known,))
                if self._chosen.get(part) == CLOSE:
                    step = replace(step, active=False)
                steps.append(replace(step, options=((CLOSE, _("close the account")),)))
        return steps


def _refuse_role(role: str) -> None:
    if role in BY_HAND:
        raise LibHubError(_("Accounts of librarians and administrators are changed by hand, one by one."))


def _options(perhaps: Sequence[Known]) -> tuple[tuple[str, str], ...]:
    if len(perhaps) == 1:
        return ((SAME, _("the same person")), (NEW, _("somebody new")))
    same = tuple((f"{SAME}-{known.id}", _("it is %(name)s", name=known.told())) for known in perhaps)
    return (*same, (NEW, _("somebody new")))


def _differences(before: UserDetails, after: UserDetails) -> list[str]:
    """Return what changes, in words: what it is called, from what, to what."""
    names = {**called(User), "school_class": called(User)["class_id"]}
    told = []
    for name in vars(before):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            told.append(f"{names[name]}: {_plain(old)} → {_plain(new)}")
    return told


def _plain(value: object) -> str:
    return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else str(value or "—")
