"""What other sections may know of accounts, of the day and of addresses."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.people import people
from libhub.accounts.permissions import STUDENT, TEACHER
from libhub.base import moments
from libhub.testing import PASSWORD
from libhub.web.rendering.qr import qr_code


def test_people_are_named_by_number_role_and_state(app: Flask) -> None:
    with app.app_context():
        anna = accounts.add_user(UserDetails("anna", "Яна", TEACHER), PASSWORD).id
        boris = accounts.add_user(UserDetails("boris", "Борис", TEACHER), PASSWORD).id
        pupil = accounts.add_user(UserDetails("pupil", "Аня", STUDENT), PASSWORD).id
        accounts.change_user(boris, UserDetails("boris", "Борис", TEACHER), active=False)
        assert [person.id for person in people(roles=[TEACHER])] == [boris, anna]
        assert [person.id for person in people(roles=[TEACHER], active=True)] == [anna]
        assert [person.name for person in people([pupil, anna])] == ["Аня", "Яна"]
        assert people([]) == []


@pytest.mark.parametrize(("hour", "day"), [(16, 24), (17, 25)])
def test_the_day_is_the_school_s(app: Flask, monkeypatch: pytest.MonkeyPatch, hour: int, day: int) -> None:
    monkeypatch.setattr(moments, "clock", lambda: datetime(2026, 11, 24, hour, 30, tzinfo=UTC))
    with app.app_context():
        assert moments.today().day == day


def test_an_address_becomes_a_code_unless_it_is_too_long() -> None:
    assert "<svg" in str(qr_code("http://hub.school/training/certificates/ABCD"))
    assert qr_code("http://hub.school/" + "x" * 5_000) is None
