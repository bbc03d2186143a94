"""The columns of a table of resources: one list serves reading, writing and the documentation. No Flask here."""

from dataclasses import fields
from typing import Final

from libhub.api import VISIBILITY, tables
from plugins.resources.rules import ResourceData
from plugins.resources.vocabulary import ACCESS, AUDIENCES, ENCODINGS, FIELDS, KINDS, PLATFORMS, VERIFIABLE

COLUMNS: Final = (
    tables.Column("title", "Название", "What the resource is called. Needed for a new resource."),
    tables.Column(
        "url", "Адрес", "Its address, http:// or https://. Always needed: an import finds the resource by it."
    ),
    tables.Column("summary", "Кратко", "One sentence, at most 300 characters."),
    tables.Column("description", "Описание", "What it offers; several lines are fine."),
    tables.Column("kind", "Вид", "What it is.", tables.choice(KINDS)),
    tables.Column(
        "for_whom",
        "Для кого",
        "Readers it suits; several.",
        tables.several(tables.choice(AUDIENCES)),
        tables.joined,
    ),
    tables.Column("grade_from", "Класс от", "First school grade, 1 to 11.", tables.number, tables.optional),
    tables.Column("grade_to", "Класс до", "Last school grade, 1 to 11.", tables.number, tables.optional),
    tables.Column(
        "themes", "Темы", "Subjects and themes in your own words; several.", tables.several(), tables.joined
    ),
    tables.Column(
        "age",
        "Возраст",
        "Age mark: 0, 6, 12, 16 or 18; 6+ is understood too. "
        "Empty: the mark stays; a new resource has none, and only staff see it.",
        tables.number,
        tables.optional,
    ),
    tables.Column("access", "Доступ", "How one gets in.", tables.choice(ACCESS)),
    tables.Column("how_to_enter", "Как войти", "What to do to get in."),
    tables.Column(
        "platforms",
        "Платформы",
        "Where it works; several.",
        tables.several(tables.choice(PLATFORMS)),
        tables.joined,
    ),
    tables.Column(
        "needs_internet",
        "Нужен интернет",
        "yes or no (да, нет).",
        tables.flag,
        tables.yes_or_no,
    ),
    tables.Column(
        "search_template", "Адрес поиска", "Address of the site's own search with {q} for the query."
    ),
    tables.Column("search_encoding", "Кодировка поиска", "Encoding of the query.", tables.choice(ENCODINGS)),
    tables.Column("visibility", "Кому видно", "Who sees it.", tables.choice(VISIBILITY)),
    tables.Column("staff_notes", "Заметки", "Notes that only staff read."),
    tables.Column(
        "unverified",
        "Не проверено",
        "Names of the columns that nobody checked yet; several.",
        tables.several(tables.choice({name: FIELDS[name] for name in VERIFIABLE})),
        tables.joined,
    ),
    tables.Column(
        "checked_on",
        "Дата проверки",
        "Day of the last check, 2026-09-01 or 01.09.2026.",
        tables.day,
        tables.optional,
    ),
    tables.Column("cover", "Обложка", "File name of a drawn cover that LibHub ships with."),
)
LAYOUT: Final = tables.Layout(
    COLUMNS,
    needed=("url",),
    empty={**{item.name: item.default for item in fields(ResourceData)}, "title": "", "url": ""},
)
