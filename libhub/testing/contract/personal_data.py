"""What a plugin keeps of a person is told to them and can be erased, also while the plugin is off; nothing of it is left."""

from types import ModuleType
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import func, select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import STUDENT
from libhub.base.audit import Actor, acting_as
from libhub.base.db import Base, db
from libhub.config import get_config
from libhub.installation import indexer
from libhub.people.personal_data import erasing
from libhub.plugging import calls
from libhub.plugging.switching import switch
from libhub.testing import PASSWORD, PROGRAM, index_now
from libhub.testing.leftovers import leftovers

NAME: Final = "Эсмеральда Барабашкина"
LOGIN: Final = "esbarabashkina"


def rows_about(plugin_id: str, user_id: int) -> dict[str, int]:
    """Count the rows of a plugin's tables that point to an account, by column."""
    counts = {}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            targets = {key.target_fullname for key in column.foreign_keys}
            if table.name.startswith(f"{plugin_id}_") and "core_user.id" in targets:
                query = select(func.count()).select_from(table).where(column == user_id)
                counts[f"{table.name}.{column.name}"] = db.session.scalar(query) or 0
    return counts


@pytest.mark.parametrize("enabled", [True, False], ids=["on", "off"])
def test_personal_data_is_told_and_erased(
    app: Flask, plugin_id: str, factory: ModuleType, enabled: bool
) -> None:
    with app.app_context():
        person = accounts.add_user(UserDetails("anna", "Анна", STUDENT), PASSWORD).id
        other = accounts.add_user(UserDetails("boris", "Борис", STUDENT), PASSWORD).id
        if not rows_about(plugin_id, person):
            pytest.skip("no table of this plugin points to an account")
        factory.make_personal_data(person)
        factory.make_personal_data(other)
        kept = rows_about(plugin_id, other)
        assert all(rows_about(plugin_id, person).values()), "the factory leaves a table empty"
        if not enabled:
            switch(plugin_id, enable=False, actor=PROGRAM)

        told = dict(calls.call_installed("personal_data", user_id=person))
        assert plugin_id in told
        assert all(told[plugin_id].values())

        calls.call_installed("erase_personal_data", user_id=person, actor=PROGRAM)
        assert not any(rows_about(plugin_id, person).values())
        assert not any(dict(calls.call_installed("personal_data", user_id=person))[plugin_id].values())
        assert rows_about(plugin_id, other) == kept, "somebody else's data went too"


def left_of_an_erased_person(app: Flask, plugin_id: str, factory: Any, *, enabled: bool) -> list[str]:
    """Let somebody do all that is kept of people, erase them, and return in which files of the instance what is left of them."""
    with app.app_context():
        person = accounts.add_user(UserDetails(LOGIN, NAME, STUDENT, school_class="5Щ"), PASSWORD).id
        with acting_as(Actor(person, NAME)):
            factory.make_personal_data(person)
        instance = get_config().instance
        db.session.remove()
    index_now(app)
    with app.app_context():
        if not enabled:
            switch(plugin_id, enable=False, actor=PROGRAM)
        failures = erasing.erase_person(person, PROGRAM)
        assert not failures, failures
        db.session.remove()
    index_now(app)
    with app.app_context():
        assert erasing.wipe(indexer())
        db.session.remove()
    return leftovers(instance, [*NAME.split(), LOGIN, *getattr(factory, "PERSONAL_WORDS", ())])


@pytest.mark.parametrize("enabled", [True, False], ids=["on", "off"])
def test_nothing_of_an_erased_person_is_left(
    app: Flask, plugin_id: str, factory: ModuleType, enabled: bool
) -> None:
    if not hasattr(factory, "make_personal_data"):
        pytest.skip("the factory says that nothing is kept of people")
    assert left_of_an_erased_person(app, plugin_id, factory, enabled=enabled) == []
