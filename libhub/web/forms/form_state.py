"""The signed field that every form carries: which sending it is, whose, of which page, and what an editor was made from.

Templates write it with the token of the form (``ui.csrf()``, ``form.csrf_token``), so no section can forget it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, g
from htmx_flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup

from libhub.base.moments import now
from libhub.submissions.drafts import Typed
from libhub.submissions.merging import Plain, Values
from libhub.web.htmx import wants_fragment
from libhub.web.visitor import current_viewer

FIELD: Final = "form_state"
DRAFT: Final = "draft"
"""In an address: the draft with which a form is to be filled in."""
BACK: Final = "back"
"""In an address: where to go from the form once it is saved; it is the same page without."""
AS_GOOD_AS_A_TOKEN: Final = timedelta(days=1)
"""So long it proves that a form came from a page which this hub made for this account, whatever became of the session."""
_INPUT: Final = Markup('<input type="hidden" name="{}" value="{}">')


@dataclass(frozen=True)
class FormState:
    """What a form says of itself.

    :param nonce: another one each time when a page is made.
    :param user_id: for whom; 0 for a guest.
    :param page: the address of the page on which the form stands.
    :param draft: under which what is typed there is kept.
    :param was: what an editor's fields held when it was made; None for other forms.
    :param open: fields of which a person has to choose what holds, and what they held before both changes.
    """

    nonce: str
    user_id: int
    page: str
    draft: str = ""
    was: Values | None = None
    open: Mapping[str, Plain] = field(default_factory=dict)
    made_at: datetime | None = None

    @classmethod
    def here(cls, **more: Any) -> "FormState":
        """Return that of a form on the page that is being made."""
        return cls(token_urlsafe(9), current_viewer().user_id or 0, this_page(), **more)

    @property
    def is_fresh(self) -> bool:
        """Whether it is as good as a token."""
        return self.made_at is not None and now() - self.made_at < AS_GOOD_AS_A_TOKEN

    def signed(self) -> str:
        """Return it as it stands in the form."""
        values = [self.nonce, self.user_id, self.page]
        if self.draft or self.was is not None:
            values += [self.draft, self.was, dict(self.open)]
        return str(_serializer().dumps(values))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="libhub.form")


def read(text: str) -> FormState | None:
    """Return what a form said of itself; None where this hub did not write it."""
    try:
        values, made_at = _serializer().loads(text, return_timestamp=True)
        return replace(FormState(*values), made_at=made_at)
    except (BadSignature, TypeError):
        return None


def of_draft(typed: Typed) -> FormState | None:
    """Return what the form said of itself into which this was typed."""
    return read(next(iter(typed.fields.get(FIELD, ())), ""))


def sent() -> FormState | None:
    """Return what the form says of itself that this request sends; None where it says nothing."""
    if "form_state" not in g:
        text = request.form.get(FIELD, "") if request.method == "POST" else ""
        g.form_state = read(text) if text else None
    found: FormState | None = g.form_state
    return found


def plain() -> str:
    """Return the signed field of the forms of this answer that are no editors; one for all of them."""
    if "plain_form_state" not in g:
        g.plain_form_state = FormState.here().signed()
    return str(g.plain_form_state)


def as_input(signed: str) -> Markup:
    """Return the hidden field."""
    return _INPUT.format(FIELD, signed)


def this_page() -> str:
    """Return the address of the page that is being made, path and query, without the draft that fills it in and the way back."""
    url = (wants_fragment() and request.htmx.current_url) or request.full_path
    parts = urlsplit(url)
    query = urlencode(
        [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in (DRAFT, BACK)]
    )
    return f"{parts.path}?{query}" if query else parts.path
