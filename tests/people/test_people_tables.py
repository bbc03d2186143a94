"""A school's table goes in, is exported, and goes in again without a change: in every format; and what is doubtful waits."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from libhub.accounts import accounts, classes
from libhub.accounts.accounts import UserDetails, class_of
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.passwords import NONE_YET, verify_password
from libhub.accounts.permissions import ADMINISTRATOR, PARENT, STUDENT, TEACHER
from libhub.base.audit import AuditEntry
from libhub.base.db import db, writing
from libhub.kit.importing import ChangedSincePreview, Line, Problem, Report, as_shown
from libhub.kit.tables import UnreadableFile, csv_files, workbooks
from libhub.people.exchange import importing
from libhub.people.exchange.columns import EXPORTED
from libhub.people.exchange.entries import read_people
from libhub.people.exchange.exporting import exported, of_class
from libhub.people.exchange.plan import CLOSE, NEW, NO_CLASS, OPEN, SAME
from libhub.plugging.settings import change_settings
from libhub.testing import PASSWORD
from tests.people.school_table import CLASSES, FOLDER, FORMATS, PARENTS, PUPILS, TEACHERS

Bring = Callable[..., Report]


@pytest.fixture
def bring(app: Flask, tmp_path: Path) -> Bring:
    """Return a function that brings a table in: lines with semicolons, or a file."""

    def bring_in(table: str | Path, *, dry_run: bool = False, **chosen: str) -> Report:
        path = table if isinstance(table, Path) else tmp_path / "table.csv"
        if isinstance(table, str):
            path.write_text(table, encoding="utf-8")
        picked = {part.replace("_", "-"): value for part, value in chosen.items()}
        with app.app_context():
            act = importing.look if dry_run else importing.bring_in
            return act(read_people(path), picked)

    return bring_in


def kinds(report: Report) -> dict[str, int]:
    return dict(Counter(line.kind for line in report.lines))


def person(app: Flask, name: str) -> dict[str, Any]:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.name == name)).one()
        return {
            "id": user.id,
            "class": class_of(user),
            "username": user.username,
            "born": user.birth_date,
            "number": user.school_number,
            "role": user.role,
            "active": user.active,
        }


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(User.name).order_by(User.sort_name)))


# -- a whole school -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_a_school_goes_in_and_out_and_in_again_unchanged(
    app: Flask, bring: Bring, tmp_path: Path, form: str
) -> None:
    table = FOLDER / f"school.{form}"
    with app.app_context():
        before = db.session.scalar(select(func.count(User.id))) or 0
    shown = bring(table, dry_run=True)
    assert (shown.added, shown.changed, shown.problems) == (PUPILS + TEACHERS + PARENTS, 0, [])
    assert kinds(shown) == {"new": PUPILS + TEACHERS + PARENTS}
    assert len(names(app)) == before, "nothing is done by looking"

    with as_shown(shown):
        report = bring(table)
    assert (report.added, report.problems) == (shown.added, [])
    with app.app_context():
        counted = db.session.execute(select(User.role, func.count()).group_by(User.role)).all()
        assert {role: number for role, number in counted}[STUDENT] >= PUPILS
        assert len(classes.every_class()) == len(CLASSES)
        logins = list(db.session.scalars(select(User.login_key)))
        assert len(set(logins)) == len(logins) == before + shown.added
        numbers = list(db.session.scalars(select(User.school_number).where(User.school_number.is_not(None))))
        assert "0001" in numbers
        assert len(numbers) == PUPILS
        born = db.session.scalars(select(User).where(User.school_number == "0001")).one()
        assert (born.name, class_of(born), born.birth_date) == ("Ковалёв Егор Ильич", "1А", date(2019, 3, 5))

    entries = audit_entries(app)
    again = bring(table)
    assert (again.added, again.changed, again.unchanged, again.lines, again.problems) == (0, 0, 720, [], [])
    with app.app_context():
        with (tmp_path / "out.xlsx").open("wb") as body:
            workbooks.write(exported(), EXPORTED, body, "ru")
        text = "".join(csv_files.write(exported(), EXPORTED, "ru"))
        (tmp_path / "out.csv").write_text(text, encoding="utf-8", newline="")
    for out in ("out.xlsx", "out.csv"):
        report = bring(tmp_path / out)
        assert (report.added, report.changed, report.lines, report.problems) == (0, 0, [], [])
        assert report.unchanged == before + shown.added
    assert audit_entries(app) == entries


def audit_entries(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(AuditEntry.id))) or 0


def test_one_class_is_exported_alone(app: Flask, bring: Bring) -> None:
    bring(FOLDER / "school.csv")
    with app.app_context():
        assert {each.school_class for each in exported(of_class("5 «в»"))} == {"5В"}
        assert {each.school_class for each in exported(of_class("5"))} == {"5А", "5Б", "5В"}


# -- what a line may look like ------------------------------------------------------------------------


def test_names_classes_and_days_in_any_spelling(app: Flask, bring: Bring) -> None:
    bring(
        "Фамилия;Имя;Отчество;Параллель;Литера;Д.р.\n"
        "ИВАНОВА;КСЕНИЯ;ПЕТРОВНА;5;а;1 февраля 2015 г.\n"
        "Cидоров;Пётр;;7;Б;1.2.13\n"
    )
    assert person(app, "Иванова Ксения Петровна")["born"] == date(2015, 2, 1)
    assert person(app, "Иванова Ксения Петровна")["class"] == "5А"
    assert person(app, "Сидоров Пётр")["class"] == "7Б", "a Latin C is the Russian one"


def test_teachers_and_parents_are_in_no_class(app: Flask, bring: Bring) -> None:
    table = "ФИО;Роль;Класс\nБелова Анна Ильинична;Учитель;кабинет 5\nБелов Илья;папа;5А\nБелов Пётр;;5А\n"
    assert bring(table).problems == []
    assert (person(app, "Белова Анна Ильинична")["role"], person(app, "Белов Илья")["class"]) == (TEACHER, "")
    assert person(app, "Белов Илья")["role"] == PARENT
    assert person(app, "Белов Пётр")["class"] == "5А"


def test_a_line_that_will_not_do_is_told_and_the_others_go_in(app: Flask, bring: Bring) -> None:
    report = bring(
        "ФИО;Роль;Дата рождения;Логин\nБелов Пётр;директор;;\nОрлов Егор;;31.02.2015;\nЮдин Илья;;;а б\n;;;x\nЖук Ян;;;\n"
    )
    assert [problem.where for problem in report.problems] == [2, 3, 4, 5]
    assert report.added == 1


def test_a_table_without_names_is_refused_in_words(bring: Bring) -> None:
    with pytest.raises(UnreadableFile, match="имена"):
        bring("Кто такой;Класс\nИванов Пётр;5А\n")


def test_nobody_becomes_a_librarian_by_a_table(app: Flask, bring: Bring) -> None:
    report = bring("ФИО;Роль;Логин\nХитров Пётр;администратор;\nБелов Пётр;библиотекарь;\n")
    assert (report.added, len(report.problems)) == (0, 2)
    with app.app_context():
        boss = db.session.scalars(select(User).where(User.role == ADMINISTRATOR)).first()
        if boss is None:
            boss = accounts.add_user(UserDetails("boss", "Главный Иван", ADMINISTRATOR), PASSWORD)
        name, login = boss.name, boss.username
    report = bring(f"ФИО;Логин;Роль;Может входить\n{name};{login};администратор;нет\n")
    assert (report.changed, len(report.problems)) == (0, 1)
    assert bring(f"ФИО;Логин;Роль\n{name};{login};администратор\n").unchanged == 1


# -- the same people ----------------------------------------------------------------------------------

START = "ФИО;Класс;Дата рождения;Номер в школе\nИванова Ксения;5А;01.02.2015;007\nПетров Пётр;5А;;\nОрлов Ян;5Б;3.3.2015;\n"


def test_the_school_s_number_finds_who_moved_and_married(app: Flask, bring: Bring) -> None:
    bring(START)
    before = person(app, "Иванова Ксения")
    report = bring("ФИО;Класс;Номер в школе\nКсения Смирнова;6А;7\n")
    assert kinds(report) == {"moved": 1}
    after = person(app, "Ксения Смирнова")
    assert (after["id"], after["class"], after["number"]) == (before["id"], "6А", "007")
    assert after["username"] == before["username"]
    assert "5А → 6А" in report.lines[0].text
    assert "Иванова Ксения → Ксения Смирнова" in report.lines[0].text


def test_name_and_class_or_name_and_birth_find_the_same_person(app: Flask, bring: Bring) -> None:
    bring(START)
    ids = {name: person(app, name)["id"] for name in ("Петров Пётр", "Орлов Ян")}
    report = bring("ФИО;Класс;Дата рождения;Группа\nпетров петр;5а;;англ. 2\nОрлов Ян;6В;03.03.2015;\n")
    assert kinds(report) == {"changed": 1, "moved": 1, "gone": 1}
    assert person(app, "Петров Пётр")["id"] == ids["Петров Пётр"], "ё and small letters change nothing"
    assert person(app, "Орлов Ян") | {"class": "6В", "id": ids["Орлов Ян"]} == person(app, "Орлов Ян")


def test_what_a_line_leaves_empty_stays(app: Flask, bring: Bring) -> None:
    bring(START)
    report = bring("ФИО;Класс;Дата рождения;Номер в школе\nИванова Ксения;5А;;\nПетров Пётр;5А;;\n")
    assert (report.unchanged, report.changed) == (2, 0)
    assert person(app, "Иванова Ксения")["born"] == date(2015, 2, 1)


# -- doubts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "doubtful"),
    [
        ("Петров Пётр;6А;;", 1),  # the same name in another class, and nothing else
        ("Петров Пётр;;;", 1),
        ("Иванова Ксения;5А;09.09.2014;", 1),  # another date of birth
        ("Иванова Ксения;5А;;008", 1),  # another number
        ("Сидоров Глеб;5А;;007", 1),  # the number of somebody else
        ("Иванова Ксения Петровна;5А;;", 1),  # a name that is alike
        ("Иванова Ксенья;5А;;", 1),
        ("Новиков Ян;5А;;\nНовиков Ян;5А;;", 1),  # nothing tells them apart
        ("Новиков Ян;5А;1.1.15;\nНовиков Ян;5А;2.1.15;", 0),
        ("Новиков Ян;5А;;11\nНовиков Ян;5А;;12", 0),
        ("Новиков Ян;5А;;\nНовиков Ян;5Б;;", 0),
        ("Петров Пётр;5А;;\nПетров Петр;5А;;", 1),
        ("Новиков Ян;подготовишка;;", 1),  # no class
        ("Новиков Ян;12А;;", 1),
        ("Орлова Ян;9А;;", 0),
    ],
)
def test_doubtful_lines_wait_for_a_person(app: Flask, bring: Bring, lines: str, doubtful: int) -> None:
    bring(START)
    before = names(app)
    report = bring(f"ФИО;Класс;Дата рождения;Номер в школе\n{lines}\n")
    assert kinds(report).get("doubtful", 0) == doubtful
    assert report.problems == []
    assert len(names(app)) == len(before) + lines.count("\n") + 1 - doubtful - report.unchanged
    assert all(line.options for line in report.lines if line.kind == "doubtful")


def test_a_doubt_is_settled_by_a_choice(app: Flask, bring: Bring) -> None:
    bring(START)
    number = person(app, "Петров Пётр")["id"]
    table = "ФИО;Класс\nПетров Пётр;6А\nОрлов Ян;7А\nНовиков Ян;подготовишка\n"
    report = bring(table, line_2=SAME, line_3=NEW, line_4=NO_CLASS)
    assert kinds(report) == {"moved": 1, "new": 2}
    assert (person(app, "Петров Пётр")["id"], person(app, "Петров Пётр")["class"]) == (number, "6А")
    assert names(app).count("Орлов Ян") == 2
    assert person(app, "Новиков Ян")["class"] == ""


def test_two_lines_cannot_be_chosen_to_be_one_person(app: Flask, bring: Bring) -> None:
    bring(START)
    report = bring("ФИО;Класс\nПетров Пётр;6А\nПётр Петров;6Б\n", line_2=SAME, line_3=SAME)
    assert (report.changed, len(report.problems)) == (1, 1)


def test_who_is_gone_is_told_and_closed_only_by_a_choice(app: Flask, bring: Bring) -> None:
    bring(START)
    table = "ФИО;Класс\nПетров Пётр;5А\n"
    report = bring(table)
    assert [(line.kind, line.title) for line in report.lines] == [("gone", "Иванова Ксения")]
    assert person(app, "Иванова Ксения")["active"]
    gone = person(app, "Иванова Ксения")["id"]
    assert bring(table, **{f"gone_{gone}": CLOSE}).changed == 1
    assert not person(app, "Иванова Ксения")["active"]
    assert person(app, "Орлов Ян")["active"], "of 5Б the table says nothing"
    assert bring(table).lines == []


def test_who_was_closed_comes_back_by_a_choice(app: Flask, bring: Bring) -> None:
    bring(START)
    bring("ФИО;Класс;Может входить\nПетров Пётр;5А;нет\n")
    assert not person(app, "Петров Пётр")["active"]
    assert kinds(bring("ФИО;Класс\nПетров Пётр;5А\nИванова Ксения;5А\n")) == {"doubtful": 1}
    bring("ФИО;Класс\nПетров Пётр;5А\n", line_2=OPEN)
    assert person(app, "Петров Пётр")["active"]


def test_what_was_changed_since_the_look_is_not_overwritten(app: Flask, bring: Bring) -> None:
    bring(START)
    table = "ФИО;Класс;Дата рождения\nПетров Пётр;5А;5.5.2015\n"
    shown = bring(table, dry_run=True)
    with app.app_context(), writing():
        user = db.session.scalars(select(User).where(User.name == "Петров Пётр")).one()
        user.birth_date = date(2015, 6, 6)
    with as_shown(shown), pytest.raises(ChangedSincePreview):
        bring(table)
    assert person(app, "Петров Пётр")["born"] == date(2015, 6, 6)


def test_an_import_that_breaks_off_leaves_nothing_half(
    app: Flask, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, entries = names(app), audit_entries(app)
    real, done = importing.apply_details, []

    def breaks(*arguments: Any) -> None:
        done.append(arguments)
        if len(done) == 300:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(importing, "apply_details", breaks)
    with pytest.raises(KeyboardInterrupt):
        bring(FOLDER / "school.csv")
    assert (names(app), audit_entries(app)) == (before, entries)
    with app.app_context():
        assert db.session.scalar(select(func.count(SchoolClass.id))) == 0


# -- user names and passwords -------------------------------------------------------------------------

NAMESAKES = (
    "ФИО;Класс;Номер в школе\nИванова Ксения Петровна;5А;1\nИванова Ксения Петровна;5А;2\nИванова Кира Юрьевна;5А;3\n"
    "Щукин Юрий;6Б;4\nСоловьёв-Седой Ян;6Б;5\nЭ Ли;6Б;6\n"
)


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        ("latin", ["ivanova.k", "ivanova.kp", "ivanova.kyu", "shchukin.yu", "solovev-sedoy.ya", "e.l"]),
        ("russian", ["иванова.к", "иванова.кп", "иванова.кю", "щукин.ю", "соловьев-седой.я", "э.л"]),
        ("class", ["5а-01", "5а-02", "5а-03", "6б-01", "6б-02", "6б-03"]),
    ],
)
def test_user_names_are_made_by_the_rule_and_never_twice(
    app: Flask, bring: Bring, rule: str, made: list[str]
) -> None:
    with app.app_context():
        change_settings("core", {"login_rule": rule})
    bring(NAMESAKES)
    with app.app_context():
        query = select(User.username).where(User.school_number.is_not(None)).order_by(User.school_number)
        assert list(db.session.scalars(query)) == made
    bring("ФИО;Класс;Номер в школе\nИванова Кира Юлиановна;5А;17\nИванова Клара Юлиановна;5А;18\n")
    with app.app_context():
        logins = list(db.session.scalars(select(User.login_key)))
        assert len(set(logins)) == len(logins)


def test_a_user_name_of_the_table_is_kept_or_refused(app: Flask, bring: Bring) -> None:
    table = "ФИО;Класс;Логин\nИванова Ксения;5А;ksenia\nПетров Пётр;5А;Ksenia\n"
    report = bring(table)
    assert (report.added, len(report.problems)) == (1, 1)
    assert person(app, "Иванова Ксения")["username"] == "ksenia"


def test_nobody_gets_in_before_there_is_a_password(app: Flask, bring: Bring) -> None:
    bring(START)
    with app.app_context():
        stored = db.session.scalars(select(User.password_hash).where(User.name == "Орлов Ян")).one()
    assert stored == NONE_YET
    for guess in ("", " ", NONE_YET, PASSWORD):
        assert not verify_password(stored, guess)


def test_a_report_is_kept_with_its_lines() -> None:
    line = Line("doubtful", 2, "Орлов Ян", "…", ((SAME, "он"), (NEW, "новый")), "line-2")
    report = Report(added=1, problems=[Problem(3, "так нельзя")], lines=[line])
    assert Report.of(json.loads(json.dumps(asdict(report)))) == report
