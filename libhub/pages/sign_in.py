"""Signing in and out, one's own password, and the link that creates the first administrator."""

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_wtf.csrf import CSRFError, validate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired, Length

from libhub.accounts import accounts, sessions, signing_in
from libhub.accounts.accounts import UserDetails
from libhub.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from libhub.accounts.permissions import ADMINISTRATOR
from libhub.accounts.signing_in import Checked, SignInError
from libhub.base.errors import LibHubError, TryLater
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.pages.people import by_pictures, known_browsers
from libhub.pages.people import cards as card_pages
from libhub.people.credentials import cards
from libhub.plugging import calls
from libhub.web import kiosk, session_life, visitor
from libhub.web.errors import error_page, with_retry
from libhub.web.forms.form import Form
from libhub.web.forms.once import nothing_kept
from libhub.web.gate import needs_account, public, signed_in
from libhub.web.outside import safe_target
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("auth", __name__, url_prefix="/auth")
SETUP_LINK_SECONDS = 7 * 24 * 3600
_SETUP_SALT = "libhub.setup"


class SignInForm(Form):
    """User name and password."""

    username = StringField(_l("User name"), [InputRequired(), Length(max=300)])  # a scanner types an address
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=1000)])


class PasswordForm(Form):
    """A new password, with the present one as proof."""

    old = PasswordField(_l("Current password"), [InputRequired(), Length(max=1000)])
    new = PasswordField(_l("New password"), [InputRequired(), Length(MIN_LENGTH, MAX_LENGTH)])
    again = PasswordField(_l("New password once more"), [EqualTo("new", message=_l("The passwords differ."))])


class SetupForm(Form):
    """The first administrator."""

    name = StringField(_l("Your name"), [InputRequired(), Length(max=200)])
    username = StringField(_l("User name"), [InputRequired(), Length(max=80)])
    new = PasswordField(_l("Password"), [InputRequired(), Length(MIN_LENGTH, MAX_LENGTH)])
    again = PasswordField(_l("Password once more"), [EqualTo("new", message=_l("The passwords differ."))])


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@nothing_kept
def sign_in() -> AnyResponse:
    """Show the form; open a session and go on to the page that was asked for."""
    target = safe_target(request.args.get("next"))
    if current_viewer().signed_in:
        return redirect(target)
    form, status = SignInForm(), 200
    later: TryLater | None = None
    if request.method == "POST" and not _token_holds():
        form.fail(LibHubError(_("This page was open for too long. Type the password once more.")))
        status = 422
    elif scanned := cards.token_in(form.username.data or ""):
        try:
            card_pages.sign_in_with(scanned)
        except SignInError as error:
            form.username.data = ""
            form.fail(error)
            status = 401
        except TryLater as error:
            form.username.data = ""
            form.fail(error)
            later = error
        else:
            return redirect(target)
    elif form.validate_on_submit():
        try:
            known = signing_in.check(
                form.username.data,
                form.password.data,
                address=request.remote_addr or "",
                ask_plugins=_ask_plugins,
                known_as=known_browsers.known_as,
            )
        except SignInError as error:
            form.fail(error)
            status = 401
        except TryLater as error:
            form.fail(error)
            later = error
        else:
            return _let_in(known, target)
    elif request.method == "POST":
        status = 422
    answer = page(
        "auth/sign_in.html",
        form=form,
        needs_account=needs_account(target),
        unsaved="unsaved" in request.args,
        kept="kept" in request.args,
        cards=card_pages.work_here(),
        pictures=by_pictures.work_here(),
        status=status,
    )
    return with_retry(answer, later) if later else answer


def _let_in(known: Checked, target: str) -> AnyResponse:
    """Open a session in the browser that asks, and go on to the page that was asked for."""
    token = sessions.open_session(
        known.user_id, browser=request.user_agent.string, idle=session_life.lifetime().idle
    )
    visitor.sign_in_browser(token)
    if known.other_layout:
        flash(_("The keyboard had the other layout. You are signed in all the same."), "info")
    answer = redirect(target)
    known_browsers.remember(answer, known.user_id)
    return answer


def _ask_plugins(username: str, password: str) -> str | None:
    """Return the account for which a section vouches: the first one that names an account of the hub."""
    for plugin_id, name in calls.call_in_turn("authenticate", username=username, password=password):
        if accounts.find_user(name) is not None:
            return str(name)
        calls.note_warning(plugin_id, "authenticate", _("there is no account “%(name)s”", name=name[:40]))
    return None


@blueprint.post("/sign-out")
@public
@nothing_kept
def sign_out() -> AnyResponse:
    """Close the session; the browser keeps nothing of what was seen. Who is out already gets the first page, too.

    :raises CSRFError: somebody signed in meanwhile, and this page is from before.
    """
    if current_viewer().signed_in and not _token_holds():
        raise CSRFError
    return kiosk.end_visit()


@blueprint.route("/session", methods=["GET", "POST"])
@public
def session_end() -> Response:
    """Tell a page in how many seconds the session ends; a POST says that somebody is there, and prolongs it."""
    if request.method == "POST":
        session_life.stay()
    end = session_life.end_as_it_is()
    return jsonify(left=end.left if end else 0, longest=end.longest if end else 0)


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in
@nothing_kept
def password() -> AnyResponse:
    """Change one's own password."""
    viewer, form = current_viewer(), PasswordForm()
    assert viewer.user_id is not None
    later: TryLater | None = None
    if form.validate_on_submit():
        try:
            accounts.change_own_password(
                viewer.user_id, form.old.data, form.new.data, keep_token=visitor.session_token()
            )
        except LibHubError as error:
            form.fail(error, form.old)
            later = error if isinstance(error, TryLater) else None
        else:
            flash(_("The password was changed. Other browsers of this account were signed out."), "success")
            answer = redirect(url_for("home.index"))
            known_browsers.remember(answer, viewer.user_id)
            return answer
    shown = page("auth/password.html", form=form, status=422 if form.is_submitted() else 200)
    return with_retry(shown, later) if later else shown


@blueprint.route("/setup/<token>", methods=["GET", "POST"])
@public
@nothing_kept
def setup(token: str) -> AnyResponse:
    """Create the first administrator; the link works until there is one."""
    is_ours = _setup_token_valid(token)
    if is_ours and request.method == "POST" and current_viewer().can("plugins.manage"):
        return redirect(url_for("admin.plugins"))  # pressed twice
    if not is_ours or accounts.administrator_exists():
        return error_page(
            404,
            _("This link no longer works"),
            _(
                "It can be used once, within seven days. Start the hub again to get a new one, "
                "or sign in if there is an administrator already."
            ),
        )
    form = SetupForm()
    if request.method == "POST" and not _token_holds():
        form.fail(LibHubError(_("This page was open for too long. Type the password once more.")))
    elif form.validate_on_submit():
        details = UserDetails(form.username.data, form.name.data, ADMINISTRATOR)
        try:
            accounts.add_first_administrator(details, form.new.data)
            opened = signing_in.sign_in(
                details.username,
                form.new.data,
                address=request.remote_addr or "",
                browser=request.user_agent.string,
                ask_plugins=lambda _name, _password: None,
                idle=session_life.lifetime().idle,
            )
        except LibHubError as error:
            form.fail(error)
        else:
            visitor.sign_in_browser(opened)
            flash(_("The hub is yours. Look at the sections and switch on what you need."), "success")
            return redirect(url_for("admin.plugins"))
    return page("auth/setup.html", form=form, status=422 if form.is_submitted() else 200)


def _token_holds() -> bool:
    """Say whether the form comes from a page of this hub that still holds; these views answer an old one themselves."""
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return True
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


@blueprint.record_once
def _look_at_tokens_here(state: BlueprintSetupState) -> None:
    for view in (sign_in, sign_out, setup):
        state.app.extensions["csrf"].exempt(view)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=_SETUP_SALT)


def setup_token() -> str:
    """Return what makes the setup link of this instance; signed, and dated for its expiry."""
    return str(_serializer().dumps("first administrator"))


def _setup_token_valid(token: str) -> bool:
    try:
        _serializer().loads(token, max_age=SETUP_LINK_SECONDS)
    except BadSignature:
        return False
    return True


def setup_url(base: str) -> str | None:
    """Return the setup link below ``base``, or None when there is an administrator already."""
    return None if accounts.administrator_exists() else f"{base}/auth/setup/{setup_token()}"
