"""The log of changes: who, when, what, before and after, for every kind of thing."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import func, select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User
from libhub.accounts.permissions import LIBRARIAN, STUDENT, TEACHER
from libhub.api import set_archived
from libhub.base.audit import Actor, AuditEntry, acting_as, current_actor
from libhub.base.db import db, writing
from libhub.kit.history.words import in_words
from libhub.plugging.models import SettingValue
from libhub.plugging.settings import change_settings
from libhub.testing import PASSWORD, PROGRAM
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData

Browser = Callable[..., FlaskClient]
VERA = Actor(None, "Вера")


def entries(app: Flask, table: str) -> list[AuditEntry]:
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.subject_type == table).order_by(AuditEntry.id)
        return list(db.session.scalars(query))


def test_an_account_is_logged_without_its_password(app: Flask) -> None:
    with app.app_context(), acting_as(VERA):
        number = accounts.add_user(UserDetails("anna", "Анна", TEACHER), PASSWORD).id
        accounts.change_user(number, UserDetails("anna", "Анна Ивановна", TEACHER), active=True)
        accounts.set_password(number, "другой пароль", must_change_password=False)
        stored = accounts.get_user(number).password_hash
    added, changed, password = entries(app, "core_user")
    assert (added.action, added.actor_name, added.subject_title) == ("create", "Вера", "anna")
    assert added.before is None
    assert added.after
    assert added.after["password_hash"] == "•••"
    assert (changed.before, changed.after) == ({"name": "Анна"}, {"name": "Анна Ивановна"})
    assert (password.before, password.after) == ({"password_hash": "•••"}, {"password_hash": "•••"})
    assert stored not in str([each.after for each in (added, changed, password)])


def test_a_switch_is_logged_with_the_person(app: Flask, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN, username="lib")
    librarian.post("/admin/plugins/resources/off")
    entry = entries(app, "core_plugin_state")[-1]
    assert (entry.actor_name, entry.action, entry.subject_title) == ("Librarian", "update", "resources")
    assert (entry.before, entry.after) == ({"enabled": True}, {"enabled": False})
    with app.app_context():
        lib = accounts.find_user("lib")
        assert lib
        assert entry.actor_id == lib.id


def test_a_setting_is_logged(app: Flask, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    form = {"library_name": "Школа № 1", "guest_age": "6", "student_age": "12"}
    librarian.post("/admin/settings", data=form)
    librarian.post("/admin/settings", data={**form, "guest_age": "16"})
    logged = [(each.subject_key, each.action, each.after) for each in entries(app, "core_setting")]
    assert ("core/guest_age", "create") in [each[:2] for each in logged]
    last = entries(app, "core_setting")[-1]
    assert (last.before, last.after) == ({"value": "6"}, {"value": "16"})


def test_a_resource_is_logged(app: Flask) -> None:
    with app.app_context(), acting_as(VERA):
        number = rules.save(ResourceData(age=0, title="Сказки", url="https://example.org"))
        rules.save(ResourceData(age=0, title="Сказки народов", url="https://example.org"), number)
        set_archived(Resource, [number], archived=True)
    mine = [each for each in entries(app, "resources_resource") if each.subject_key == str(number)]
    assert [each.action for each in mine] == ["create", "update", "update"]
    assert (mine[1].before, mine[1].after) == ({"title": "Сказки"}, {"title": "Сказки народов"})
    assert mine[2].before == {"archived_at": None}
    assert {each.actor_name for each in mine} == {"Вера"}


def test_a_deletion_is_logged_with_what_was_there(app: Flask) -> None:
    with app.app_context(), writing():
        db.session.add(SettingValue(plugin_id="core", name="library_name", value="Школа"))
    with app.app_context(), writing():
        db.session.delete(db.session.get_one(SettingValue, ("core", "library_name")))
    gone = entries(app, "core_setting")[-1]
    assert (gone.action, gone.after) == ("delete", None)
    assert gone.before
    assert gone.before["value"] == "Школа"


def test_what_was_rolled_back_is_not_logged(app: Flask) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), writing():  # noqa: PT012
        db.session.add(SettingValue(plugin_id="core", name="library_name", value="Школа"))
        db.session.flush()
        raise ZeroDivisionError
    assert entries(app, "core_setting") == []


def test_saving_what_is_already_so_logs_nothing(app: Flask) -> None:
    with app.app_context():
        change_settings("core", {"library_name": "Школа"})
        change_settings("core", {"library_name": "Школа"})
    assert len(entries(app, "core_setting")) == 1


def test_nobody_answers_for_a_change_after_the_request(app: Flask, as_viewer: Browser) -> None:
    as_viewer(LIBRARIAN).get("/admin/plugins")
    assert current_actor.get() == PROGRAM


def test_a_removed_account_leaves_its_name_in_the_log(app: Flask, as_viewer: Browser) -> None:
    as_viewer(LIBRARIAN, username="lib").post("/admin/plugins/resources/off")
    with app.app_context(), writing():
        db.session.delete(db.session.scalars(select(User).where(User.username == "lib")).one())
    entry = entries(app, "core_plugin_state")[-1]
    assert (entry.actor_id, entry.actor_name) == (None, "Librarian")


def test_the_page_reads_and_filters_the_log(app: Flask, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    with app.app_context(), acting_as(VERA):
        accounts.add_user(UserDetails("kolya", "<b>Коля</b>", STUDENT), PASSWORD)
        rules.save(ResourceData(age=0, title="Уникальная запись", url="https://example.org"))

    def shows(query: str, text: str) -> bool:
        answer = librarian.get(f"/admin/audit/{query}")
        assert answer.status_code == 200
        assert "<b>Коля" not in answer.text
        return text in answer.text

    assert shows("", "kolya")
    assert shows("", "Уникальная запись")
    assert shows("?q=УНИКАЛЬНАЯ", "Уникальная запись")
    assert not shows("?q=УНИКАЛЬНАЯ", "kolya")
    assert shows("?q=вера", "kolya")
    assert not shows("?q=%25", "kolya")
    assert shows("?subject=core_user", "kolya")
    assert not shows("?subject=core_user", "Уникальная запись")
    assert not shows("?action=delete", "kolya")
    assert shows("?action=nonsense", "kolya")
    assert shows("?page=9999999999999999999999", "")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "—"),
        ("", "—"),
        (0, "0"),
        (True, "да"),
        (False, "нет"),
        ("2019-03-05T11:07:42.123456", "5 марта 2019, 18:07"),
        ("2019-03-05T11:07:42+00:00", "5 марта 2019, 18:07"),
        ("2019-03-05", "5 мар. 2019 г."),
        ("2019-03-95", "2019-03-95"),
        ("Школа", "Школа"),
    ],
)
def test_values_of_the_log_are_told_in_words(app: Flask, value: object, told: str) -> None:
    with app.test_request_context(), force_locale("ru"):
        assert " ".join(in_words(value).split()) == told


def test_the_log_has_pages(app: Flask, as_viewer: Browser) -> None:
    librarian = as_viewer(LIBRARIAN)
    with app.app_context():
        for number in range(60):
            change_settings("core", {"library_name": f"Школа {number}"})
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) > 60
    first, second = (librarian.get(f"/admin/audit/?page={number}").text for number in (1, 2))
    assert "Школа 59" in first
    assert "Школа 3 " not in first
    assert "Школа 2" in second
    assert "page=2" in first
