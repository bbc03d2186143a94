"""What parents see of the resources that their children keep at hand."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts, relations
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import LIBRARIAN, PARENT, STUDENT
from libhub.testing import PASSWORD, sign_in
from plugins.resources import favourites, rules
from plugins.resources.rules import ResourceData


def add(name: str, school_class: str) -> int:
    details = UserDetails(name, name.title(), STUDENT, school_class=school_class)
    return accounts.add_user(details, PASSWORD).id


def code_of(app: Flask, child: int) -> str:
    with app.app_context():
        return relations.new_codes([child])[child]


def test_favourites_of_small_children_alone_and_while_the_librarian_lets_them(
    app: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    browser = sign_in(app, PARENT, username="mother")
    with app.app_context():
        small = add("masha", "3а")
        made = rules.save(ResourceData(title="Сказки на ночь", url="https://example.org/noch", age=0))
        big = add("lena", "8б")
        other = add("gena", "2б")
        for number in (small, big, other):
            favourites.set_favourite(number, made, wanted=True)
    browser.post("/me/children/join", data={"code": code_of(app, big)})
    assert "Сказки на ночь" not in browser.get("/me/children/").text
    browser.post("/me/children/join", data={"code": code_of(app, small)})
    shown = browser.get("/me/children/").text
    assert shown.count("Сказки на ночь") == 1
    settings = "/admin/plugins/resources/settings"
    librarian = as_viewer(LIBRARIAN)
    assert "parents_see_favourites" in librarian.get(settings).text
    librarian.post(settings, data={})
    assert "Сказки на ночь" not in browser.get("/me/children/").text
