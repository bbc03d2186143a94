"""What the kit's pages do with what a section gives them."""

from dataclasses import dataclass

import pytest
from flask import Blueprint, Flask, get_flashed_messages
from sqlalchemy import true
from wtforms import StringField

from libhub.accounts.models import User
from libhub.api import Data, Editing, Form, LibHubError, Managed, State, attempt
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData


def refuse() -> int:
    raise LibHubError("Так нельзя.")


@pytest.mark.parametrize(
    ("change", "told", "messages"),
    [
        (lambda: 3, "Готово.", [("success", "Готово.")]),
        (lambda: 3, lambda number: f"Готово: {number}.", [("success", "Готово: 3.")]),
        (lambda: 3, "", []),
        (lambda: 0, lambda number: "Готово." if number else "", []),
        (refuse, "Готово.", [("error", "Так нельзя.")]),
        (refuse, lambda number: f"Готово: {number}.", [("error", "Так нельзя.")]),
    ],
)
def test_an_attempt_tells_what_was_done_or_why_it_was_not(
    app: Flask, change: object, told: object, messages: list[tuple[str, str]]
) -> None:
    with app.test_request_context():
        answer = attempt(change, "/there", told)  # type: ignore[arg-type]
        assert (answer.status_code, answer.headers["Location"]) == (302, "/there")
        assert get_flashed_messages(with_categories=True) == messages


def test_a_state_of_the_table_may_have_an_order_of_its_own(app: Flask) -> None:
    table = Managed(
        model=User,
        permission="core.accounts",
        section="",
        title="",
        template="",
        order=(User.username, User.id),
        searched=User.username,
        states={"": State("Все", true), "last": State("Последние", true, (User.id.desc(),))},
    )
    with app.app_context():
        order = {state: str(table.rows("", state)).split("ORDER BY ")[1] for state in table.states}
    assert order == {"": "core_user.username, core_user.id", "last": "core_user.id DESC"}


@dataclass(frozen=True)
class Typed(Data):
    title: str = ""
    sumary: str = ""


class TypedForm(Form):  # type: ignore[misc]
    title = StringField("Название")
    summary = StringField("Кратко")


def test_what_would_be_lost_on_the_way_from_a_form_to_a_row_is_told_to_the_author(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Resource, "__audit_history__", None)
    managed = Managed(
        model=Resource, permission="resources.edit", section="", title="", order=(Resource.id,), new=""
    )
    pages = Blueprint("typed", __name__, url_prefix="/typed")
    Editing(managed, TypedForm, Typed, back="").add_to(pages)
    fresh = Flask("typed")
    fresh.register_blueprint(pages)
    with app.test_request_context("/typed/add"), pytest.raises(TypeError, match="Typed has no summary"):
        fresh.view_functions["typed.add"]()
    with pytest.raises(TypeError, match="Resource has no sumary"):
        Typed(title="А").into(Resource())


def test_a_model_has_one_history(app: Flask) -> None:
    managed = Managed(model=Resource, permission="resources.edit", section="", title="", order=(Resource.id,))
    with pytest.raises(TypeError, match="Resource has a history already"):
        Editing(managed, TypedForm, Typed, back="").add_to(Blueprint("typed", __name__))
    assert Resource.__audit_history__.data is ResourceData


def test_a_table_without_actions_has_none_and_one_that_says_nothing_the_usual_ones() -> None:
    def actions(**given: object) -> set[str]:
        said = {"model": Resource, "permission": "resources.edit", "section": "", "title": "", "order": ()}
        return set(Managed(**said, **given).actions)  # type: ignore[arg-type]

    assert actions() == {"age", "archive", "restore"}
    assert actions(actions={}) == set()
