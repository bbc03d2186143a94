"""Who is looking: built once per request from the session, the roles and the plugins' labels."""

from dataclasses import replace
from typing import Any, cast

from flask import Flask, g, has_request_context, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from libhub.accounts import accounts, classes, relations, sessions
from libhub.accounts.ages import AgeRules, Limit, limit_of
from libhub.accounts.models import User
from libhub.accounts.permissions import GUEST, PARENT, STAFF
from libhub.accounts.sessions import Account, Session
from libhub.accounts.viewer import Viewer, base_labels
from libhub.base.db import db
from libhub.base.i18n import LOCALES, current_locale
from libhub.plugging import calls, settings
from libhub.plugging.loading.registry import get_registry
from libhub.web import cookies
from libhub.web.this_computer import this_computer

KEPT_FORMS = "kept_forms"
"""What the browser's own session knows longer than a person's: the forms that came without one."""
_ENDED = "ended"
"""Where the cookie keeps the token of a session that was signed out."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps of a person: the token of the session, and the session with the account behind it."""

    def __init__(self, token: str, session: Session) -> None:
        self.token, self.session = token, session

    def get_id(self) -> str:
        """Return what goes into the cookie."""
        return self.token


def _load(token: str) -> SignedIn | None:
    found = sessions.load_session(token)
    if found is None:
        g.ended_token = token
        return None
    return SignedIn(token, found)


def init_app(app: Flask) -> None:
    """Attach Flask-Login."""
    manager = LoginManager(app)
    manager.session_protection = None  # sessions are rows in the database and can be revoked there
    manager.user_loader(_load)


def current_viewer() -> Viewer:
    """Return the visitor of this request."""
    if "viewer" not in g:
        g.viewer = _build()
    return cast(Viewer, g.viewer)


def viewer_of(user: User | Account | None, locale: str = "ru") -> Viewer:
    """Return an account (or a guest, ``None``) as the rights rules see it."""
    role = user.role if user else GUEST
    viewer = Viewer(
        user_id=user.id if user else None,
        username=user.username if user else "",
        name=user.name if user else "",
        role=role,
        permissions=get_registry().permissions_of(role),
        labels=base_labels(user.id if user else None, role),
        age_limit=age_limit_of(user).years,
        locale=locale,
        must_change_password=bool(user and user.must_change_password),
        grade=accounts.grade_of(user) if user else None,
        school_class=accounts.class_of(user) if user else "",
        class_id=user.class_id if user else None,
        children=relations.children_of(user.id) if user and role == PARENT else frozenset(),
        classes=classes.led_by(user.id) if user and role in STAFF else frozenset(),
    )
    more = [labels for _plugin, labels in calls.call("viewer_labels", viewer=viewer)]
    return replace(viewer, labels=viewer.labels.union(*more)) if any(more) else viewer


def age_limit_of(user: User | Account | None) -> Limit:
    """Return up to which age mark an account, or a guest (``None``), sees things, and why.

    A guest at a PC of the reading room may be a pupil who has just signed out, so the limit there is one of its own.
    """
    kept = {
        name: int(settings.get_setting(settings.CORE, name))
        for name in ("guest_age", "kiosk_guest_age", "student_age", "grade_of_12", "grade_of_16")
    }
    rules = AgeRules(
        guest=kept["kiosk_guest_age" if this_computer() else "guest_age"],
        student=kept["student_age"],
        from_grade={12: kept["grade_of_12"], 16: kept["grade_of_16"]},
    )
    return limit_of(user, accounts.grade_of(user) if user else None, rules)


def viewer_for(user_id: int | None) -> Viewer | None:
    """Return a person as the rights rules see one now, without a session; None for a disabled account.

    For what a program fetches in a person's name, such as a calendar by a secret address. Nobody's number
    (None) gives a guest; who is signed in and looks through a guest's eyes sees no more than with their own.
    """
    user = db.session.get(User, user_id) if user_id is not None else None
    if user_id is not None and (user is None or not user.active):
        return None
    viewer = viewer_of(user, current_locale())
    visitor = current_session() if user is None and has_request_context() else None
    if visitor is None:
        return viewer
    return replace(viewer, age_limit=min(viewer.age_limit, age_limit_of(visitor.account).years))


def viewer_in_role(role: str) -> Viewer:
    """Return somebody of a role as the rights rules see one, who is nobody in particular."""
    nobody = Account(0, "", "", role, None, None, None, None, None, must_change_password=False)
    return viewer_of(None if role == GUEST else nobody, current_locale())


def _build() -> Viewer:
    session = current_session()
    return viewer_of(session.account if session else None, current_locale())


def chosen_locale() -> str:
    """Return the language that the visitor chose before; empty for none, and outside a request."""
    if not has_request_context():
        return ""
    chosen = cookies.sent(cookies.LOCALE)
    return chosen if chosen in LOCALES else ""


def sign_in_browser(token: str) -> None:
    """Put the session of a person who signed in into the cookie."""
    opened = sessions.load_session(token)
    assert opened is not None
    _clear_session()
    login_user(SignedIn(token, opened))
    g.pop("viewer", None)


def sign_out_browser(*, leave_nothing: bool) -> None:
    """Sign the visitor out; of the session its browser keeps what it was recognised by, or nothing at all."""
    token = session_token()
    logout_user()
    _clear_session()
    if token:
        sessions.sign_out(token)
        if not leave_nothing:
            session[_ENDED] = token
    g.pop("viewer", None)


def _clear_session() -> None:
    """Forget everything but which forms this browser gets back; whose they are is looked at then."""
    kept = session.get(KEPT_FORMS)
    session.clear()
    if kept:
        session[KEPT_FORMS] = kept


def current_session() -> Session | None:
    """Return the visitor's own session; None for a guest."""
    person: Any = current_user
    return cast(Session, person.session) if person.is_authenticated else None


def session_token() -> str:
    """Return the token of the visitor's own session; empty for a guest."""
    person: Any = current_user
    return str(person.token) if person.is_authenticated else ""


def ended_token() -> str:
    """Return the token of the session that this browser had last, see :func:`libhub.accounts.sessions.ended_account`.

    Empty while it has one, and where it never had any. On a PC of the reading room it may be that of whoever sat there before.
    """
    if session_token():
        return ""
    return str(g.get("ended_token") or session.get(_ENDED, ""))
