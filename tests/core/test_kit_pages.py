"""What the kit's pages do with what a section gives them."""

import pytest
from flask import Flask, get_flashed_messages
from sqlalchemy import true

from libhub.accounts.models import User
from libhub.api import LibHubError, Managed, State, attempt


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
