"""A file that is written when it is asked for: it arrives whole, and what it was written into is closed in any case."""

import io
from typing import IO

import pytest
from flask import Flask
from openpyxl import load_workbook

from libhub.base.errors import LibHubError
from libhub.kit.pages.exporting import IN_MEMORY, give_file, give_workbook


@pytest.mark.parametrize("size", [0, 10, IN_MEMORY + 1], ids=["empty", "in memory", "on the disk"])
def test_a_file_arrives_whole_and_what_it_was_written_into_is_closed(app: Flask, size: int) -> None:
    bodies: list[IO[bytes]] = []
    with app.test_request_context():

        def write(body: IO[bytes]) -> None:
            bodies.append(body)
            body.write(b"x" * size)

        answer = give_file(write, "Опись.zip")
        answer.direct_passthrough = False
        assert answer.get_data() == b"x" * size
        assert answer.mimetype == "application/zip"
        assert "%D0%9E%D0%BF%D0%B8%D1%81%D1%8C.zip" in answer.headers["Content-Disposition"]
        answer.close()
    assert bodies[0].closed


def test_of_a_file_that_cannot_be_written_nothing_is_given(app: Flask) -> None:
    bodies: list[IO[bytes]] = []

    def write(body: IO[bytes]) -> None:
        bodies.append(body)
        body.write(b"half")
        raise LibHubError("no more")

    with app.test_request_context(), pytest.raises(LibHubError, match="no more"):
        give_file(write, "half.zip")
    assert bodies[0].closed


def test_a_table_is_given_as_a_workbook_with_a_name_in_any_letters(app: Flask) -> None:
    with app.test_request_context("/"):
        answer = give_workbook("Список 5А", "Класс", ["Имя", "Мест"], [("=Маша()", 2)])
        answer.direct_passthrough = False
        content = answer.get_data()
        answer.close()
    assert answer.headers["Content-Disposition"].endswith(
        "filename*=UTF-8''%D0%A1%D0%BF%D0%B8%D1%81%D0%BE%D0%BA%205%D0%90.xlsx"
    )
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet
    assert list(sheet.iter_rows(values_only=True)) == [("Имя", "Мест"), ("=Маша()", 2)]
