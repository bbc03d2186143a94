"""«What is kept»: a page to be printed, and the same as JSON; one's own, and that of one's child."""

import json
from itertools import groupby

from flask import Blueprint, Response, abort, current_app, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts import accounts
from libhub.accounts.models import User
from libhub.base.errors import LibHubError
from libhub.base.moments import now
from libhub.kit.history.words import in_words
from libhub.people.personal_data import kept
from libhub.web.gate import signed_in
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("me_data", __name__, url_prefix="/me")


@blueprint.get("/data")
@signed_in
def index() -> AnyResponse:
    """Show the visitor what is kept of them."""
    return show(_visitor(), url_for("me_data.as_json"))


@blueprint.get("/data.json")
@signed_in
def as_json() -> AnyResponse:
    """Give the visitor the same as JSON."""
    return show_json(_visitor(), url_for("home.index"))


@blueprint.get("/children/<int:user_id>/data")
@signed_in
def child(user_id: int) -> AnyResponse:
    """Show a parent what is kept of their child."""
    return show(_child(user_id), url_for("me_data.child_json", user_id=user_id))


@blueprint.get("/children/<int:user_id>/data.json")
@signed_in
def child_json(user_id: int) -> AnyResponse:
    """Give a parent the same as JSON."""
    return show_json(_child(user_id), url_for("home.index"))


def _visitor() -> User:
    user_id = current_viewer().user_id
    assert user_id is not None  # the gate let only accounts in
    return accounts.get_user(user_id)


def _child(user_id: int) -> User:
    if user_id not in current_viewer().children:
        abort(404)
    return accounts.get_user(user_id)


def show(user: User, json_url: str, back: str = "") -> AnyResponse:
    """Show what is kept of a person; that it was looked at is logged.

    :param back: where the visitor came from, and goes when a section cannot say what it keeps.
    """
    try:
        parts = _asked(user)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(back or url_for("home.index"))
    return page(
        "people/data.html",
        person=user,
        by_person=user.id == current_viewer().user_id,
        sections=[(title, list(some)) for title, some in groupby(parts, lambda each: each.section)],
        json_url=json_url,
        back=back,
        told=in_words,
        moment=now(),
    )


def show_json(user: User, back: str) -> AnyResponse:
    """Give out what is kept of a person as JSON with readable letters; that it was looked at is logged."""
    try:
        parts = _asked(user)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(back)
    text = json.dumps(kept.as_json(parts), ensure_ascii=False, indent=2)
    response: Response = current_app.response_class(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename=person-{user.id}.json"
    return response


def _asked(user: User) -> list[kept.Kept]:
    kept.note_request(user.id)
    return kept.kept_of(user.id, current_viewer().user_id)
