"""Signing in without letters, at the PCs of the reading room: class, name, three pictures. Each step is a press."""

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts import classes
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.signing_in import SignInError
from libhub.base.errors import LibHubError, TryLater
from libhub.base.i18n import gettext as _
from libhub.people.credentials import pictures
from libhub.people.credentials.pictures import CHOSEN, PICTURES, PicturesClosed
from libhub.web import session_life, visitor
from libhub.web.errors import error_page, with_retry
from libhub.web.forms.once import nothing_kept
from libhub.web.gate import public
from libhub.web.rendering.addresses import url_for
from libhub.web.rendering.pages import page
from libhub.web.this_computer import this_computer
from libhub.web.visitor import current_viewer

blueprint = Blueprint("by_pictures", __name__, url_prefix="/auth/pictures")


class _NotHere(HTTPException):
    """Names of a class are for nobody at any other computer, and for nobody where the library does not want it."""

    code = 404


@blueprint.errorhandler(_NotHere)
def _say_where(_error: _NotHere) -> AnyResponse:
    return error_page(
        404,
        _("There is no signing in with pictures here"),
        _("It is for grades 1 and 2, at the computers of the reading room. Ask the librarian."),
    )


def work_here() -> bool:
    """Say whether pupils sign in by pictures at the computer that asks."""
    return this_computer() is not None and pictures.are_given()


@blueprint.before_request
def _only_here() -> AnyResponse | None:
    if not work_here():
        raise _NotHere
    return redirect(url_for("home.index")) if current_viewer().signed_in else None


@blueprint.get("/")
@public
def which_class() -> Response:
    """Ask for the class."""
    return page("people/which_class.html", classes=pictures.classes_with_pictures())


@blueprint.get("/<int:class_id>")
@public
def who(class_id: int) -> Response:
    """Ask for the name."""
    school_class = _class(class_id)
    return page("people/who.html", school_class=school_class, pupils=pictures.pupils_with_pictures(class_id))


@blueprint.route("/<int:class_id>/<int:user_id>", methods=["GET", "POST"])
@public
@nothing_kept
def choose(class_id: int, user_id: int) -> AnyResponse:
    """Ask for one picture after the other; the third one signs in."""
    school_class = _class(class_id)
    pupil = next((each for each in pictures.pupils_with_pictures(class_id) if each.id == user_id), None)
    if pupil is None:
        abort(404)
    chosen = [name for name in request.form.get("chosen", "").split() if name in PICTURES]
    pressed = request.form.get("picture", "")
    if pressed in PICTURES:
        chosen.append(pressed)
    if len(chosen) < CHOSEN:
        return _ask(school_class, pupil, chosen)
    try:
        token = pictures.sign_in(
            user_id,
            chosen,
            key=str(current_app.secret_key),
            address=request.remote_addr or "",
            browser=request.user_agent.string,
            idle=session_life.lifetime().idle,
        )
    except SignInError as error:
        status = 403 if isinstance(error, PicturesClosed) else 401
        return _ask(school_class, pupil, [], error=error, status=status)
    except TryLater as error:
        return with_retry(_ask(school_class, pupil, [], error=error), error)
    visitor.sign_in_browser(token)
    return redirect(url_for("home.index"))


def _ask(
    school_class: SchoolClass,
    pupil: User,
    chosen: list[str],
    error: LibHubError | None = None,
    status: int = 200,
) -> Response:
    return page(
        "people/pictures.html",
        school_class=school_class,
        pupil=pupil,
        chosen=chosen,
        asked=CHOSEN,
        pictures=PICTURES,
        error=error,
        status=status,
    )


def _class(class_id: int) -> SchoolClass:
    try:
        return classes.get_class(class_id)
    except LibHubError:
        abort(404)
