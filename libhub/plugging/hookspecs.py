"""Every hook, its signature, what it may answer and what happens when a plugin fails in it.

A plugin implements the hooks that it needs in ``hooks.py``; it may leave out arguments that it does not use.
Hooks return values and change nothing that they were given. What is answered is described beside the hook (see
``answers.py``); a wrong answer is a failure. The failure policy stands there, too:

``mark``
    the plugin is recorded as broken and left out; the hub starts.
``blank``
    the error is logged with the plugin's name and shown on the plugins page; the rest of the page appears.
``deny``
    logged in the same way; the answer counts as "no".
``raise``
    the caller gets the error, with the plugin's name, and undoes what it was doing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
import pluggy

from libhub.accounts.viewer import Viewer
from libhub.base.application import Blueprint
from libhub.plugging import answers
from libhub.plugging.answers import Answer
from libhub.plugging.records import (
    ChildLine,
    HealthCheck,
    HomeCard,
    JobKind,
    Line,
    NavItem,
    PersonalLines,
    PersonLine,
)

if TYPE_CHECKING:
    from libhub.accounts.permissions import Permission
    from libhub.base.audit import Actor
    from libhub.plugging.records import CalendarEntry, Setting
    from libhub.search.documents import ItemRef, ItemType

NAMESPACE = "libhub"
Policy = Literal["mark", "blank", "deny", "raise"]
POLICY_ATTRIBUTE = "libhub_policy"
ANSWER_ATTRIBUTE = "libhub_answer"

hookimpl = pluggy.HookimplMarker(NAMESPACE)
_hookspec = pluggy.HookspecMarker(NAMESPACE)
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _hook(policy: Policy, answer: Answer = answers.NOTHING) -> Callable[[_Function], _Function]:
    """Declare a hook, its failure policy and what it answers."""

    def declare(function: _Function) -> _Function:
        setattr(function, POLICY_ATTRIBUTE, policy)
        setattr(function, ANSWER_ATTRIBUTE, answer)
        return _hookspec(function)

    return declare


def rule_of(hook: str) -> tuple[Policy, Answer]:
    """Return what becomes of a failure in a hook, and what the hook may answer."""
    function = globals()[hook]
    return getattr(function, POLICY_ATTRIBUTE), getattr(function, ANSWER_ATTRIBUTE)


@_hook("mark", answers.several_of(Blueprint))
def register_blueprints() -> Sequence[Blueprint]:
    """Return the plugin's blueprints, each named ``<id>`` or ``<id>_…``, with pages at ``/<id>/`` or below it.

    Those of one name are one: each file of pages may have its own, and ``url_for`` asks for ``<id>.<view>``.
    """
    raise NotImplementedError


@_hook("mark", answers.PERMISSIONS)
def register_permissions() -> "Sequence[Permission]":
    """Return the plugin's permissions, named ``<id>.<something>``."""
    raise NotImplementedError


@_hook("mark", answers.SETTINGS)
def register_settings() -> "Sequence[Setting]":
    """Return the settings that the librarian edits on the plugins page."""
    raise NotImplementedError


@_hook("mark", answers.ITEM_TYPES)
def register_item_types() -> "Sequence[ItemType]":
    """Return the kinds of things that search may find."""
    raise NotImplementedError


@_hook("mark", answers.several_named(click.Command, "command"))
def register_commands() -> Sequence[click.Command]:
    """Return commands for ``libhub <id> …``."""
    raise NotImplementedError


@_hook("mark", answers.several_named(JobKind, "job"))
def register_jobs() -> Sequence[JobKind]:
    """Return what the plugin can do behind the scenes when it is started, each named ``<id>.<something>``."""
    raise NotImplementedError


@_hook("blank", answers.several_of(NavItem))
def nav_items(viewer: Viewer) -> Sequence[NavItem]:
    """Return the plugin's entries of the main menu."""
    raise NotImplementedError


@_hook("blank", answers.several_of(HomeCard))
def home_cards(viewer: Viewer) -> Sequence[HomeCard]:
    """Return the plugin's cards for the home page."""
    raise NotImplementedError


@_hook("blank", answers.several_of(PersonalLines))
def personal_lines(viewer: Viewer) -> Sequence[PersonalLines]:
    """Return what the plugin shows of the visitor's own things on the page «My page»: the few that are next or newest."""
    raise NotImplementedError


@_hook("blank", answers.ENTRIES)
def calendar_entries(viewer: Viewer, start: date, end: date) -> "Sequence[CalendarEntry]":
    """Return what this viewer may see of the plugin between two days, both in it, for a calendar to show."""
    raise NotImplementedError


@_hook("blank", answers.FRAGMENTS)
def slot_fragments(slot: str, viewer: Viewer, ref: Mapping[str, str]) -> "Sequence[str]":
    """Return HTML (as ``Markup``; any other text is shown escaped) for a named place of a page.

    ``slot`` is the place: ``search.empty`` (nothing was found, ``ref["query"]`` is what was asked),
    ``searches.query`` (what the librarian may do about something that was searched, ``ref["query"]``; links
    only) or ``profile`` (the visitor's own page).
    """
    raise NotImplementedError


@_hook("blank", answers.several_of(ChildLine))
def child_lines(viewer: Viewer, child_id: int) -> Sequence[ChildLine]:
    """Return what a parent sees of a child: what it signed up for, what it keeps at hand.

    Only asked for ``viewer``'s own child.
    """
    raise NotImplementedError


@_hook("deny", answers.LABELS)
def viewer_labels(viewer: Viewer) -> "frozenset[str]":
    """Return more audience labels of this visitor."""
    raise NotImplementedError


@_hook("deny", answers.USERNAME)
def authenticate(username: str, password: str) -> str | None:
    """Vouch for a password: return the user name of the account, or None to let the next one answer."""
    raise NotImplementedError


@_hook("raise")
def plugin_enabled(actor: "Actor") -> None:
    """Called on the plugin that is being switched on, in the switch's transaction. Idempotent."""
    raise NotImplementedError


@_hook("blank")
def plugin_disabled(actor: "Actor") -> None:
    """Called on the plugin that was switched off. Never deletes data."""
    raise NotImplementedError


@_hook("mark")
def starter_content(locale: str) -> None:
    """Write what a new school finds on the first day; called once, in one transaction. Tried again after a failure."""
    raise NotImplementedError


@_hook("blank")
def item_changed(refs: "Sequence[ItemRef]") -> None:
    """Called after items were changed, committed and indexed."""
    raise NotImplementedError


@_hook("blank")
def periodic(now: datetime) -> None:
    """Housekeeping, called about once an hour. Idempotent."""
    raise NotImplementedError


@_hook("blank", answers.several_of(HealthCheck))
def health_checks() -> Sequence[HealthCheck]:
    """Return checks for the plugins page and ``libhub doctor``; an exception inside one is a red check."""
    raise NotImplementedError


@_hook("raise", answers.PERSONAL)
def personal_data(user_id: int) -> Mapping[str, Any]:
    """Return everything that the plugin keeps of a person. Called on every installed plugin, also when off.

    By name: what JSON can hold, or better a ``KeptData``, which says what for and for how long as well.
    """
    raise NotImplementedError


@_hook("raise")
def erase_personal_data(user_id: int, actor: "Actor") -> None:
    """Delete everything that the plugin keeps of a person. Called on every installed plugin, also when off.

    It is part of one transaction with all the others: change rows and ``detach_all`` files, and nothing slow. What was attached
    to what is deleted, the log and the notices are the matter of the hub.
    """
    raise NotImplementedError


@_hook("blank", answers.several_of(Line))
def class_lines(viewer: Viewer, class_id: int) -> Sequence[Line]:
    """Return what the people of a class have before them in the plugin, for the page of the class."""
    raise NotImplementedError


@_hook("blank", answers.PERSON_LINES)
def leaving_lines(user_ids: Sequence[int]) -> Sequence[PersonLine]:
    """Return what people who are to leave the school still have in the plugin: what becomes free, what waits."""
    raise NotImplementedError


@_hook("raise", answers.KEPT)
def people_leave(user_ids: Sequence[int]) -> Any:
    """Free what people who leave the school hold, within the transaction that is open.

    Return what is needed to give it back, as JSON can hold it, without names: :func:`people_return` gets it.
    """
    raise NotImplementedError


@_hook("raise", answers.PERSON_LINES)
def people_return(user_ids: Sequence[int], freed: Any) -> Sequence[PersonLine]:
    """Give people who are back what :func:`people_leave` freed of them, where there is room; say where not."""
    raise NotImplementedError


@_hook("blank", answers.NUMBERS)
def statistics(start: datetime, end: datetime) -> Mapping[str, int]:
    """Return numbers of a period for the librarian's report, by label."""
    raise NotImplementedError
