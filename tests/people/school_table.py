"""A school as a table: 620 pupils of 24 classes, 40 teachers, 60 parents; the same at every run.

``python -m tests.people.school_table`` has LibreOffice write it in each format that schools have, into ``tables/``.
"""

import random
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent / "tables"
PUPILS, TEACHERS, PARENTS = 620, 40, 60
CLASSES = [f"{grade} «{letter}»" for grade in range(1, 12) for letter in ("АБВ" if grade in {1, 5} else "АБ")]
FORMATS = {
    "xlsx": "xlsx",
    "xls": "xls",
    "ods": "ods",
    "csv": "csv:Text - txt - csv (StarCalc):59,34,34,1,,0,false,true",  # semicolons, cp1251, as shown
}
_SURNAMES = [
    "Иванов",
    "Петров",
    "Сидоров",
    "Кузнецов",
    "Соколов",
    "Попов",
    "Лебедев",
    "Козлов",
    "Новиков",
    "Морозов",
    "Волков",
    "Соловьёв",
    "Васильев",
    "Зайцев",
    "Павлов",
    "Семёнов",
    "Голубев",
    "Виноградов",
    "Богданов",
    "Воробьёв",
    "Фёдоров",
    "Михайлов",
    "Беляев",
    "Тарасов",
    "Белов",
    "Комаров",
    "Орлов",
    "Киселёв",
    "Макаров",
    "Андреев",
    "Ковалёв",
    "Ильин",
    "Гусев",
    "Титов",
    "Кудрявцев",
    "Баранов",
    "Куликов",
    "Алексеев",
    "Степанов",
    "Яковлев",
    "Щукин",
    "Цветков",
    "Юдин",
    "Эйдельман",
    "Жуков",
    "Чернов",
    "Шашков",
    "Хохлов",
    "Ёлкин",
    "Объедков",
]
_BOYS = [
    "Александр",
    "Артём",
    "Максим",
    "Иван",
    "Пётр",
    "Дмитрий",
    "Кирилл",
    "Егор",
    "Илья",
    "Матвей",
    "Тимофей",
    "Роман",
    "Фёдор",
    "Семён",
    "Глеб",
    "Юрий",
]
_GIRLS = [
    "Ксения",
    "София",
    "Мария",
    "Анна",
    "Алиса",
    "Виктория",
    "Полина",
    "Елизавета",
    "Юлия",
    "Дарья",
    "Наталия",
    "Эмма",
    "Яна",
    "Ольга",
    "Вера",
]
_FATHERS = [
    "Александрович",
    "Сергеевич",
    "Андреевич",
    "Алексеевич",
    "Петрович",
    "Иванович",
    "Юрьевич",
    "Ильич",
    "Артёмович",
]


@dataclass(frozen=True)
class Person:
    """A line of the table."""

    surname: str
    first_name: str
    patronymic: str
    school_class: str
    born: date | None
    number: str
    role: str


def people() -> list[Person]:
    """Return the people of the school, as the table has them."""
    chance = random.Random(16)

    def named() -> tuple[str, str, str]:
        surname, father = chance.choice(_SURNAMES), chance.choice(_FATHERS)
        if chance.random() < 0.5:
            return surname, chance.choice(_BOYS), father
        mother = "Ильинична" if father == "Ильич" else father.removesuffix("ич") + "на"
        return (surname if surname.endswith("ман") else f"{surname}а"), chance.choice(_GIRLS), mother

    found = []
    for place in range(PUPILS):
        school_class = CLASSES[place * len(CLASSES) // PUPILS]
        born = date(2019 - int(school_class.split()[0]), 9, 1) + timedelta(days=chance.randrange(365))
        found.append(Person(*named(), school_class, born, f"{place + 1:04d}", "ученик"))
    seen = set()
    while len(found) < PUPILS + TEACHERS + PARENTS:
        name = named()
        if name not in seen:  # what tells two teachers of one name apart, no table has
            seen.add(name)
            role = "учитель" if len(found) < PUPILS + TEACHERS else "родитель"
            found.append(Person(*name, "", None, "", role))
    return found


def flat_document(some: list[Person]) -> str:
    """Return the table as a flat document of LibreOffice: a title, a head of two rows with merged cells, dates."""

    def cell(text: str, attributes: str = "") -> str:
        return f'<table:table-cell office:value-type="string"{attributes}><text:p>{escape(text)}</text:p></table:table-cell>'

    def day(value: date | None) -> str:
        if value is None:
            return "<table:table-cell/>"
        return (
            f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{value}"/>'
        )

    def rows() -> Iterator[str]:
        yield cell("МБОУ «Школа № 16». Список на 1 сентября 2026 года", ' table:number-columns-spanned="8"')
        yield "<table:table-cell/>"
        covered = "<table:covered-table-cell/>"
        tall = ' table:number-rows-spanned="2"'
        yield "".join(
            (
                cell("№", tall),
                cell("Фамилия, имя, отчество", ' table:number-columns-spanned="3"'),
                covered * 2,
            )
        ) + "".join(cell(text, tall) for text in ("Класс", "Дата рождения", "№ личного дела", "Роль"))
        yield covered + "".join(map(cell, ("Фамилия", "Имя", "Отчество"))) + covered * 4
        for number, each in enumerate(some, 1):
            numbered = f'<table:table-cell office:value-type="float" office:value="{number}"/>'
            name = "".join(map(cell, (each.surname, each.first_name, each.patronymic, each.school_class)))
            yield numbered + name + day(each.born) + cell(each.number) + cell(each.role)

    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {namespaces} '
        'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:automatic-styles>'
        '<number:date-style style:name="dmy"><number:day number:style="long"/><number:text>.</number:text>'
        '<number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/>'
        '</number:date-style><style:style style:name="day" style:family="table-cell" style:data-style-name="dmy"/>'
        '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Школа">'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows())
        + "</table:table></office:spreadsheet></office:body></office:document>"
    )


def write() -> None:
    """Have LibreOffice write the table in every format."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "school.fods")
        source.write_text(flat_document(people()), encoding="utf-8")
        for form in FORMATS.values():
            command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
            subprocess.run([*command, "--convert-to", form, "--outdir", str(FOLDER), str(source)], check=True)


if __name__ == "__main__":
    write()
