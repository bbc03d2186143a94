"""A person's own page: who the hub takes the visitor for, where the person is signed in, and what sections have of the person's."""

from flask import Blueprint, Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts import accounts, sessions
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import PARENT, ROLES
from libhub.base.db import db
from libhub.base.i18n import gettext as _
from libhub.pages.people import browsers
from libhub.plugging import calls
from libhub.plugging.records import PersonalLines
from libhub.web import visitor
from libhub.web.gate import signed_in
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("me", __name__, url_prefix="/me")


@blueprint.get("/")
@signed_in
def index() -> Response:
    """Show the visitor's own page."""
    user = accounts.get_user(_user_id())
    return page(
        "people/me.html",
        user=user,
        role=ROLES[user.role],
        class_name=accounts.class_of(user),
        teacher=_class_teacher(user.school_class),
        led=_led(),
        sessions=sessions.list_sessions(user.id, token=visitor.session_token()),
        browser_in_words=browsers.in_words,
        parts=_parts(),
        parent=user.role == PARENT,
    )


@blueprint.post("/sessions/<reference>/end")
@signed_in
def end_session(reference: str) -> AnyResponse:
    """Sign out one of the visitor's browsers."""
    sessions.sign_out_one(_user_id(), reference)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("me.index"))


@blueprint.post("/sessions/others/end")
@signed_in
def end_others() -> AnyResponse:
    """Sign out all of the visitor's browsers but this one."""
    sessions.sign_out_everywhere(_user_id(), but=visitor.session_token())
    flash(_("All other browsers are signed out."), "success")
    return redirect(url_for("me.index"))


def _parts() -> list[PersonalLines]:
    answers = calls.call("personal_lines", viewer=current_viewer())
    return sorted((part for _plugin, some in answers for part in some), key=lambda part: part.order)


def _class_teacher(school_class: SchoolClass | None) -> str:
    teacher = (
        db.session.get(User, school_class.teacher_id) if school_class and school_class.teacher_id else None
    )
    return teacher.name if teacher else ""


def _led() -> list[str]:
    """Return the classes that the visitor leads, as the school writes them."""
    found = [db.session.get_one(SchoolClass, number) for number in current_viewer().classes]
    return [each.name for each in sorted(found, key=lambda each: (each.grade, each.letter))]


def _user_id() -> int:
    user_id = current_viewer().user_id
    assert user_id is not None  # the gate let only accounts in
    return user_id
