"""The register of consents on paper: written down by the class, withdrawn, found where one is lacking, printed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.base.audit import Actor, acting_as
from libhub.base.errors import LibHubError
from libhub.base.moments import today
from libhub.people.personal_data import consents
from libhub.people.personal_data.consents import Consent, NewConsent
from libhub.testing import change_settings
from tests.people.test_erasing import add

Browser = Callable[..., FlaskClient]


@pytest.fixture
def librarian(app: Flask, as_viewer: Browser) -> FlaskClient:
    with app.app_context():
        change_settings("core", {"consents": True})
    return as_viewer(LIBRARIAN)


def pupils(app: Flask, *names: str, school_class: str = "2Б") -> tuple[int, list[int]]:
    with app.app_context():
        numbers = [add(f"p{place}", name, school_class=school_class) for place, name in enumerate(names)]
        class_id = accounts.get_user(numbers[0]).class_id
        assert class_id is not None
        return class_id, numbers


def test_the_pages_are_closed_unless_wanted(app: Flask, as_viewer: Browser) -> None:
    class_id, (anna,) = pupils(app, "Анна")
    librarian = as_viewer(LIBRARIAN)
    addresses = ("/", f"/classes/{class_id}", f"/classes/{class_id}/forms", f"/people/{anna}")
    for address in addresses:
        assert librarian.get(f"/admin/consents{address}").status_code == 404
    assert "/admin/consents/" not in librarian.get("/admin/users/").text
    with app.app_context():
        change_settings("core", {"consents": True})
    assert "/admin/consents/" in librarian.get("/admin/users/").text
    for address in addresses:
        assert librarian.get(f"/admin/consents{address}").status_code == 200
        assert as_viewer(STUDENT, username="pupil").get(f"/admin/consents{address}").status_code == 403


def test_a_class_is_written_down_from_paper_at_once(app: Flask, librarian: FlaskClient) -> None:
    class_id, (anna, boris, vera) = pupils(app, "Анна", "Борис", "Вера")
    page = f"/admin/consents/classes/{class_id}"
    sent = {
        "people": [str(anna), str(boris)],
        "kind": "photos",
        "given_on": "2026-09-01",
        "until": "2099-05-31",
        "note": "папка 3",
    }
    assert "Записано 2 согласия." in librarian.post(page, data=sent, follow_redirects=True).text
    assert "ничего не изменилось" in librarian.post(page, data=sent, follow_redirects=True).text
    with app.app_context():
        assert [len(consents.of_person(each)) for each in (anna, boris, vera)] == [1, 1, 0]
    lacking = librarian.get(f"{page}?kind=photos&standing=none").text
    assert "Вера" in lacking
    assert "Анна" not in lacking
    overview = librarian.get("/admin/consents/?kind=photos").text
    assert 'standing=holds">2</a>' in overview
    assert 'standing=none">1</a>' in overview


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"people": []}, "Отметьте"),
        ({"given_on": "2999-01-01"}, "в будущем"),
        ({"until": "2020-01-01"}, "раньше"),
        ({"given_on": ""}, ""),
        ({"kind": "nothing"}, ""),
        ({"people": ["999999"]}, ""),
    ],
)
def test_what_will_not_do_is_told_and_the_ticks_stay(
    app: Flask, librarian: FlaskClient, changed: dict[str, object], told: str
) -> None:
    class_id, (anna,) = pupils(app, "Анна")
    sent = {"people": [str(anna)], "kind": "works", "given_on": "2026-09-01", **changed}
    answer = librarian.post(f"/admin/consents/classes/{class_id}", data=sent)
    assert answer.status_code == 422
    assert told in answer.text
    if "people" not in changed:
        assert f'value="{anna}" aria-label="Анна" checked' in answer.text
    with app.app_context():
        assert consents.of_person(anna) == []


def test_a_consent_is_withdrawn_and_stands_in_the_register(app: Flask, librarian: FlaskClient) -> None:
    _class, (anna,) = pupils(app, "Анна")
    with app.app_context():
        consents.record([anna], NewConsent("works", date(2026, 9, 1), giver="Мама"))
        number = consents.of_person(anna)[0].id
    page = f"/admin/consents/{number}/withdraw"
    assert "раньше" not in librarian.post(page, data={"on": "2026-08-01"}, follow_redirects=True).text
    assert "Укажите" in librarian.post(page, data={"on": "когда-то"}, follow_redirects=True).text
    with app.app_context():
        assert consents.of_person(anna)[0].withdrawn_on is None
    assert "отозвано" in librarian.post(page, data={"on": "2026-10-01"}, follow_redirects=True).text
    with app.app_context():
        assert consents.of_person(anna)[0].standing == "withdrawn"
        with pytest.raises(LibHubError):
            consents.withdraw(10**6, today())
    assert librarian.post("/admin/consents/1000000/withdraw", data={"on": "2026-10-01"}).status_code == 404


@pytest.mark.parametrize(
    ("days", "withdrawn", "standing"),
    [
        (None, False, "holds"),
        (90, False, "holds"),
        (5, False, "soon"),
        (0, False, "soon"),
        (-1, False, "ended"),
        (90, True, "withdrawn"),
    ],
)
def test_how_it_stands(app: Flask, days: int | None, withdrawn: bool, standing: str) -> None:
    with app.app_context():
        until = None if days is None else today() + timedelta(days=days)
        row = Consent(
            kind="works", given_on=date(2026, 1, 1), until=until, withdrawn_on=today() if withdrawn else None
        )
        assert row.standing == standing


def test_the_one_that_holds_counts(app: Flask) -> None:
    with app.app_context():
        anna = add("anna", "Анна")
        consents.record([anna], NewConsent("works", date(2025, 9, 1)))
        consents.record([anna], NewConsent("works", date(2026, 9, 1), until=date(2026, 9, 2)))
        assert consents.latest([anna], "works")[anna].standing == "holds"


def test_forms_are_printed_for_a_class(app: Flask, librarian: FlaskClient) -> None:
    class_id, _numbers = pupils(app, "Анна Первая", "Борис Второй", school_class="4Г")
    text = librarian.get(f"/admin/consents/classes/{class_id}/forms?kind=photos").text
    assert text.count('class="paper"') == 2
    assert "Ребёнок: Анна Первая, 4Г класс" in text
    assert "сверьте текст с правилами вашей школы" in text


def test_a_consent_is_in_the_history_and_in_what_is_kept(app: Flask, librarian: FlaskClient) -> None:
    _class, (anna,) = pupils(app, "Анна")
    with app.app_context(), acting_as(Actor(None, "Библиотекарь")):
        consents.record([anna], NewConsent("photos", date(2026, 9, 1), giver="Мама Анны"))
    text = librarian.get(f"/admin/users/{anna}/data").text
    assert "фотографии с мероприятий библиотеки" in text
    assert "Мама Анны" in text
