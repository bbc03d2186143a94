"""What editors have in common: what they were made from, what others changed meanwhile, what has to be chosen."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from flask import request
from markupsafe import Markup

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.submissions import drafts
from libhub.submissions.drafts import Typed
from libhub.submissions.merging import Plain, Values, merge
from libhub.web.forms import form_state, returned
from libhub.web.forms.form_state import FormState
from libhub.web.rendering.addresses import url_for
from libhub.web.rendering.assets import static_url
from libhub.web.visitor import current_viewer

CHOOSE: Final = "choose-"
"""Begins the name of the field by which it is chosen what holds."""
MINE: Final = "mine"
THEIRS: Final = "theirs"
_KEEPING: Final = Markup('<script src="{}" data-keep="{}" data-offline="{}" defer></script>')


@dataclass(frozen=True)
class Clash:
    """A field that two people changed, each to something else, in words."""

    name: str
    label: str
    mine: str
    theirs: str
    was: str


class Clashing(Exception):
    """Something has to be chosen before this can be saved."""


class Editable:
    """The base of what an :func:`~libhub.kit.pages.editing.editor` shows and saves; a form, or fields made by hand."""

    clashes: Sequence[Clash] = ()
    offers: Sequence[Typed] = ()
    """What its person typed here and did not save."""
    form_errors: list[str]
    made_as: FormState | None = None
    """What it will say of itself; None where it is no editor."""

    def stored_values(self) -> Values:
        """Return what its fields hold where nothing was typed."""
        raise NotImplementedError

    def typed_values(self) -> Values:
        """Return what its fields hold now."""
        raise NotImplementedError

    def take_stored(self, name: str) -> None:
        """Let a field hold what is stored, whatever was typed."""
        raise NotImplementedError

    def value_in_words(self, name: str, value: Plain) -> str:
        """Return what a field holds, for people."""
        raise NotImplementedError

    def label_of(self, name: str) -> str:
        """Return what people call a field."""
        raise NotImplementedError

    # -- the state ------------------------------------------------------------------------------------

    def begin_editing(self) -> None:
        """Be an editor that is shown for the first time, or filled in with what was typed before."""
        before = returned.typed_before()
        old = form_state.of_draft(before) if before else None
        if before is not None and old is not None:
            self.made_as = FormState.here(draft=before.id, was=old.was, open=old.open)
            return
        self.made_as = FormState.here(draft=token_hex(16), was=self.stored_values())
        user_id = current_viewer().user_id
        if user_id:
            self.offers = drafts.on_page(user_id, self.made_as.page)

    def go_on_editing(self) -> None:
        """Be an editor that is shown again because something will not do; what was typed is kept as a draft meanwhile."""
        if self.made_as is None:  # nothing new was seen
            sent = form_state.sent()
            was = sent.was if sent and sent.was is not None else self.stored_values()
            self._be_made_from(was, sent.open if sent else {})
        if self.made_as is not None and self.made_as.user_id:
            with suppress(LibHubError):  # it is too long to be kept twice, and stands in the form
                returned.keep_draft(draft_id=self.made_as.draft)

    def _be_made_from(self, was: Values, still_open: Mapping[str, Plain]) -> None:
        sent = form_state.sent()
        draft = (sent.draft if sent else "") or token_hex(16)
        self.made_as = FormState.here(draft=draft, was=was, open=still_open)

    def join_changes(self) -> list[str]:
        """Take over what others changed since this was made; return what the fields are called.

        :raises Clashing: both changed a field, and nobody chose yet.
        """
        sent = form_state.sent()
        if sent is None or sent.was is None:
            return []
        theirs, mine = self.stored_values(), dict(self.typed_values())
        undecided = []
        for name in sent.open:
            choice = request.form.get(CHOOSE + name, "")
            if choice == THEIRS:
                self.take_stored(name)
                mine[name] = theirs.get(name)
            elif choice != MINE and mine.get(name) != theirs.get(name):
                undecided.append(name)
        found = merge(sent.was, theirs, mine)
        for name in found.taken:
            self.take_stored(name)
        clashing = list(dict.fromkeys([*undecided, *found.clashes]))
        if clashing:
            was = {name: sent.open.get(name, sent.was.get(name)) for name in clashing}
            self.clashes = [
                Clash(
                    name,
                    self.label_of(name),
                    *(self.value_in_words(name, each[name]) for each in (mine, theirs, was)),
                )
                for name in clashing
            ]
            self._be_made_from(theirs, was)
            raise Clashing
        return [self.label_of(name) for name in found.taken]

    def state_inputs(self) -> Markup:
        """Return its hidden field; an editor has what is typed kept meanwhile."""
        if self.made_as is None:
            return form_state.as_input(form_state.plain())
        shown = form_state.as_input(self.made_as.signed())
        if not self.made_as.user_id:
            return shown
        offline = _("It is not being saved: no connection. It is tried again by itself.")
        return shown + _KEEPING.format(static_url("static", "drafts.js"), url_for("drafts.keep"), offline)


def told_of(taken: Sequence[str]) -> str:
    """Say which fields somebody else changed meanwhile."""
    return _("Somebody else changed this meanwhile, and it is kept, too: %(names)s.", names=", ".join(taken))
