"""``libhub users import`` and ``export``: a school in one call."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from libhub.accounts.models import User
from libhub.base.db import db
from libhub.testing import make_app, release, run_libhub
from tests.people.school_table import FOLDER, PARENTS, PUPILS, TEACHERS

EVERYBODY = PUPILS + TEACHERS + PARENTS


def people(instance: Path) -> int:
    app = make_app(instance)
    with app.app_context():
        count = db.session.scalar(select(func.count(User.id))) or 0
    release(app)
    return count


def test_a_school_in_one_call(instance: Path, tmp_path: Path) -> None:
    before = people(instance)
    looked = run_libhub(instance, "users", "import", str(FOLDER / "school.ods"), "--dry-run")
    assert f"Новых: {EVERYBODY}, изменено: 0" in looked.stdout, looked.stderr
    assert people(instance) == before
    done = run_libhub(instance, "users", "import", str(FOLDER / "school.ods"))
    assert done.returncode == 0, done.stderr
    assert people(instance) == before + EVERYBODY
    again = run_libhub(instance, "users", "import", str(FOLDER / "school.csv"))
    assert again.stdout.splitlines() == [
        f"Новых: 0, изменено: 0, без изменений: {EVERYBODY}, пропущено: 0, под вопросом: 0."
    ]

    for name in ("out.xlsx", "out.csv"):
        assert run_libhub(instance, "users", "export", str(tmp_path / name)).returncode == 0
        back = run_libhub(instance, "users", "import", str(tmp_path / name))
        assert f"без изменений: {before + EVERYBODY}, пропущено: 0" in back.stdout
    run_libhub(instance, "users", "export", str(tmp_path / "5v.csv"), "--class", "5в")
    assert 10 < len((tmp_path / "5v.csv").read_text(encoding="utf-8").splitlines()) < 60


def test_who_is_gone_is_closed_when_asked(instance: Path, tmp_path: Path) -> None:
    table = tmp_path / "class.csv"
    table.write_text("ФИО;Класс\nЁлкин Пётр;5А\nЮдин Ян;5А\n", encoding="cp1251")
    run_libhub(instance, "users", "import", str(table))
    table.write_text("ФИО;Класс\nЁлкин Пётр;5А\n", encoding="cp1251")
    assert "изменено: 0" in run_libhub(instance, "users", "import", str(table)).stdout
    told = run_libhub(instance, "users", "import", str(table), "--close-gone").stdout
    assert "изменено: 1" in told
    assert "Юдин Ян" in told
    listed = run_libhub(instance, "users", "list").stdout
    assert re.search(r"Юдин Ян\t\w+", listed), "told as one who may not sign in"
    assert re.search(r"Ёлкин Пётр$", listed, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "no-such-file.xlsx"),
        ("import", __file__),
        ("export", "people.txt"),
        ("export", "people.csv", "--class", "подготовишка"),
    ],
)
def test_mistakes_are_told_in_words(instance: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    named = [str(tmp_path / each) if each.startswith("people") else each for each in arguments]
    done = run_libhub(instance, "users", *named)
    assert done.returncode != 0
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("people.*"))
