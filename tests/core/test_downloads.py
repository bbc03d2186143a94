"""What a page gives to be saved as a file."""

import io

import pytest
from flask import Flask
from openpyxl import load_workbook

from libhub.api import LibHubError, file_download, workbook_download


def test_a_table_is_given_as_a_workbook_with_a_name_in_any_letters(app: Flask) -> None:
    with app.test_request_context("/"):
        answer = workbook_download("Список 5А", "Класс", ["Имя", "Мест"], [("=Маша()", 2)])
    answer.direct_passthrough = False
    assert answer.headers["Content-Disposition"].endswith(
        "filename*=UTF-8''%D0%A1%D0%BF%D0%B8%D1%81%D0%BE%D0%BA%205%D0%90.xlsx"
    )
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet
    assert list(sheet.iter_rows(values_only=True)) == [("Имя", "Мест"), ("=Маша()", 2)]


def test_a_file_is_written_before_it_is_given(app: Flask) -> None:
    with app.test_request_context("/"):
        answer = file_download("курс.zip", "application/zip", lambda file: file.write(b"content"))
        answer.direct_passthrough = False
        assert answer.get_data() == b"content"
        assert answer.mimetype == "application/zip"
        answer.close()

        def broken(_file: object) -> None:
            raise LibHubError("the disk is full")

        with pytest.raises(LibHubError):
            file_download("курс.zip", "application/zip", broken)
