"""Certificates: printed by their owner, verified by anybody, forged by nobody."""

import re
from collections.abc import Callable
from types import ModuleType

from flask import Flask
from flask.testing import FlaskClient

from libhub.testing import sign_in
from plugins.training.courses import lessons
from plugins.training.learning import certificates, progress


def issued(app: Flask, make: ModuleType, user_id: int) -> str:
    with app.app_context():
        course_id, section_id = make.make_course("Поиск", hours=3)
        progress.complete(lessons.get_lesson(make.make_lesson(section_id)), user_id)
        return certificates.number_of(user_id, course_id)


def test_a_guest_verifies_by_the_address_of_the_code(
    app: Flask, make: ModuleType, teacher: FlaskClient, client: FlaskClient, number: Callable[[str], int]
) -> None:
    code = issued(app, make, number("teacher"))
    printed = teacher.get(f"/training/certificates/{code}/print").text
    address = re.search(r"<span>(http://localhost/training/certificates/[\w-]+)</span>", printed)
    assert address
    assert "<svg" in printed
    page = client.get(address[1].removeprefix("http://localhost"))
    assert page.status_code == 200
    for told in ("настоящее", "Teacher", "Поиск", "3"):
        assert told in page.text
    typed = client.get("/training/certificates", query_string={"number": code.lower().replace("-", " ")})
    assert typed.location == f"/training/certificates/{code}"


def test_a_forged_number_is_refused(
    app: Flask, make: ModuleType, client: FlaskClient, teacher: FlaskClient, number: Callable[[str], int]
) -> None:
    code = issued(app, make, number("teacher"))
    changed = ("B" if code[0] != "B" else "C") + code[1:]
    for forged in (changed, "x", "%", "A" * 500, "<script>", code[:-1]):
        answer = client.get(f"/training/certificates/{forged}")
        assert answer.status_code == 404
        assert "<script>" not in answer.text
        assert "Teacher" not in answer.text


def test_numbers_do_not_repeat_and_are_long() -> None:
    numbers = {certificates.new_number() for _each in range(500)}
    assert len(numbers) == 500
    assert all(re.fullmatch(r"(?:[A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}", each) for each in numbers)


def test_only_the_owner_and_the_librarian_print(
    app: Flask,
    make: ModuleType,
    teacher: FlaskClient,
    librarian: FlaskClient,
    client: FlaskClient,
    number: Callable[[str], int],
) -> None:
    code = issued(app, make, number("teacher"))
    path = f"/training/certificates/{code}/print"
    assert librarian.get(path).status_code == 200
    assert sign_in(app, "teacher", username="other").get(path).status_code == 404
    assert client.get(path).status_code == 302
