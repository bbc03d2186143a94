"""The columns of tables of people, with what schools call them."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, PARENT, ROLES, STUDENT, TEACHER
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.tables import Column, Layout, day, flag, optional, yes_or_no

_ROLES: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("student", "pupil", "ученик", "ученица", "учащийся", "учащаяся", "обучающийся", "обучающаяся", "школьник"),
        STUDENT,
    ),
    **dict.fromkeys(("teacher", "учитель", "учительница", "педагог", "преподаватель", "сотрудник"), TEACHER),
    **dict.fromkeys(("parent", "родитель", "мать", "отец", "мама", "папа", "законный представитель"), PARENT),
    **dict.fromkeys(("librarian", "библиотекарь", "педагог-библиотекарь"), LIBRARIAN),
    **dict.fromkeys(("administrator", "администратор"), ADMINISTRATOR),
}  # fmt: skip


def _role(cell: str) -> str:
    code = _ROLES.get(cell.lower())
    if code is None:
        raise ValueError(_("“%(value)s” is no role: pupil, teacher or parent.", value=cell[:40]))
    return code


def _told_role(role: object) -> str:
    return str(ROLES[str(role)]).lower()


def _told_day(value: object) -> str:
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else ""


NAME: Final = Column(
    "name", "ФИО", _l("Surname, name and patronymic in one column."),
    synonyms=(
        "Ф.И.О.", "Фамилия Имя Отчество", "Фамилия Имя", "Имя и фамилия", "Полное имя", "full name", "ФИО ученика",
        "ФИО учащегося", "ФИО обучающегося", "ФИО учителя", "ФИО педагога", "ФИО родителя", "ФИО сотрудника",
        "Ф.И.О. ученика", "Ф.И.О. учащегося", "Ф.И.О. обучающегося", "Ф.И.О. учителя", "Ф.И.О. родителя",
        "Фамилия Имя Отчество ученика", "Фамилия Имя Отчество учащегося", "Фамилия Имя Отчество обучающегося",
        "Фамилия Имя ученика", "Фамилия Имя учащегося", "Фамилия Имя обучающегося",
        "Ученик", "Учащийся", "Обучающийся", "Учитель", "Родитель", "Сотрудник", "Список учащихся", "Список учеников",
    ),
)  # fmt: skip
CLASS: Final = Column(
    "school_class", "Класс", _l("The class of a pupil in any spelling."),
    synonyms=("class", "Кл.", "Класс обучения", "Класс и буква", "Класс литера", "Учебный класс"),
)  # fmt: skip
GROUP: Final = Column(
    "class_group", "Группа", _l("The group in the class."), synonyms=("group", "Подгруппа", "Группа в классе")
)
BORN: Final = Column(
    "birth_date", "Дата рождения", _l("The date of birth in any spelling."), day, _told_day,
    synonyms=("Д.р.", "ДР", "Дата рожд.", "Родился", "День рождения", "Число месяц год рождения", "birthday"),
)  # fmt: skip
NUMBER: Final = Column(
    "school_number", "Номер в школе",
    _l("By which the next table finds the same person: of the personal file, of a journal."),
    write=optional,
    synonyms=(
        "Школьный номер", "Личный номер", "Номер личного дела", "№ личного дела", "Личное дело", "Номер ученика",
        "Номер учащегося", "Табельный номер", "Идентификатор", "ID", "Код ученика", "Код", "Номер дела", "№ дела",
    ),
)  # fmt: skip
ROLE: Final = Column(
    "role", "Роль", _l("Pupil, teacher or parent; a pupil where it is missing."), _role, _told_role,
    synonyms=("Кто", "Категория", "Тип", "Статус"),
)  # fmt: skip
LOGIN: Final = Column(
    "username", "Логин", _l("The user name; made by the rule of the settings where it is missing."),
    synonyms=("login", "Имя пользователя", "Имя для входа", "Учётная запись", "user name"),
)  # fmt: skip
ACTIVE: Final = Column(
    "active",
    "Может входить",
    _l("No: the account is closed."),
    flag,
    yes_or_no,
    synonyms=("Доступ", "Активен", "Открыт"),
)
LAYOUT: Final = Layout(
    (
        NAME,
        Column("surname", "Фамилия", _l("Where the name has a column for each part."),
               synonyms=("Фамилия ученика", "Фамилия учащегося", "Фамилия обучающегося", "last name")),
        Column("first_name", "Имя", _l("The second part of the name."),
               synonyms=("Имя ученика", "Имя учащегося", "Имя обучающегося", "first name")),
        Column("patronymic", "Отчество", _l("The third part of the name."),
               synonyms=("Отчество ученика", "Отчество учащегося", "Отчество обучающегося", "middle name")),
        CLASS,
        Column("grade", "Параллель", _l("The grade, where the letter has a column of its own."),
               synonyms=("Номер класса", "Цифра класса", "Год обучения", "Ступень")),
        Column("letter", "Буква", _l("The letter of the class, where it has a column of its own."),
               synonyms=("Литера", "Литер", "Буква класса", "Литера класса", "Литер класса")),
        GROUP, BORN, NUMBER, ROLE, LOGIN, ACTIVE,
    ),
    needed=(),
)  # fmt: skip
EXPORTED: Final = Layout((NAME, ROLE, CLASS, GROUP, BORN, NUMBER, LOGIN, ACTIVE), needed=())
"""What is written; it reads back as :data:`LAYOUT`."""
