"""Words out of files of every kind, by the real reader in its own process."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from libhub.files.extraction.encodings import decode
from libhub.files.reading.process import Limits, Reading, read_file
from tests.files import documents

TEXT = "Ёжик нашёл в лесу крепкий белый гриб."
LIMITS = Limits(seconds=30)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Return a function: bytes and a type in, what was read out."""

    def run(content: bytes, type_name: str, **options: object) -> Reading:
        path = tmp_path / "content"
        path.write_bytes(content)
        return read_file(path, type_name, LIMITS, **options)

    return run


def drawing() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("type_name", "content", "unit", "number"),
    [
        ("pdf", documents.pdf(["пусто", "тоже", TEXT]), "page", 3),
        ("docx", documents.docx(["начало", TEXT]), "", 0),
        ("docx", documents.docx([TEXT], headings=["Первая"]), "", 0),
        ("docx", documents.docx([TEXT], headings=["Первая", "Вторая"]), "chapter", 1),
        ("pptx", documents.pptx(["Заставка", f"Лес\n{TEXT}"]), "slide", 2),
        ("xlsx", documents.xlsx({"Первый": [["а", 1]], "Второй": [[None, TEXT]]}), "sheet", 2),
        ("odt", documents.odt(["начало", TEXT]), "", 0),
        ("odp", documents.odp(["Заставка", TEXT]), "slide", 2),
        (
            "ods",
            documents.opendocument(
                "spreadsheet",
                f'<table:table table:name="Лист"><table:table-row><table:table-cell><text:p>{TEXT}</text:p>'
                "</table:table-cell></table:table-row></table:table>",
            ),
            "sheet",
            1,
        ),
        ("epub", documents.epub({"Один": "<p>начало</p>", "Два": f"<p>{TEXT}</p>"}), "chapter", 2),
        ("fb2", documents.fb2({"Один": "начало", "Два": TEXT}), "chapter", 3),
        ("fb2", documents.fb2({"Один": TEXT}, encoding="koi8-r"), "chapter", 2),
        ("fb2zip", documents.packed({"книга.fb2": documents.fb2({"Один": TEXT})}), "chapter", 2),
        ("rtf", documents.rtf(TEXT), "", 0),
        ("txt", TEXT.encode(), "", 0),
        ("txt", TEXT.encode("cp1251"), "", 0),
        ("txt", TEXT.encode("koi8-r"), "", 0),
        ("txt", TEXT.encode("utf-16"), "", 0),
        ("txt", f"Глава 1\n\nначало\n\nГлава 2\n\n{TEXT}".encode(), "chapter", 2),
        ("md", f"# Один\n\nначало\n\n## Два\n\n{TEXT}".encode(), "chapter", 2),
        ("csv", f"имя;текст\nёжик;{TEXT}\n".encode("cp1251"), "", 0),
        ("html", f"<meta charset=windows-1251><p>{TEXT}</p><script>плохо</script>".encode("cp1251"), "", 0),
    ],
)
def test_words_are_found_where_they_stand(
    read: Callable[..., Reading], type_name: str, content: bytes, unit: str, number: int
) -> None:
    reading = read(content, type_name)
    assert (reading.reason, reading.unit) == ("", unit)
    assert [each.number for each in reading.units if TEXT in each.text][:1] == [number]
    assert "плохо" not in "".join(each.text + each.html for each in reading.units)
    if type_name != "pdf":
        assert TEXT in next(each.html for each in reading.units if each.number == number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866"])
@pytest.mark.parametrize(
    "text", ["Урок", "Ёлки", "Список литературы", "ПРИКАЗ № 5", "Тест: 1) да; 2) нет", TEXT], ids=str
)
def test_short_russian_texts_are_read_in_every_usual_encoding(text: str, encoding: str) -> None:
    if encoding in {"koi8-r", "cp866"}:
        text = text.replace("№", "N")
    assert decode(text.encode(encoding)) == text


def test_titles_and_pictures_of_books_come_along(read: Callable[..., Reading]) -> None:
    pictures: dict[int, bytes] = {}
    book = documents.epub(
        {"Гриб": '<h1>Иной</h1><p>см. <img src="../i/1.png" onerror="x()"> <img src="http://a/b.png"></p>'},
        extra={"OEBPS/i/1.png": drawing()},
    )
    reading = read(book, "epub", keep_picture=pictures.__setitem__)
    assert [each.title for each in reading.units] == ["Гриб"]
    assert reading.units[0].html == '<h1>Иной</h1><p>см. <img src="picture/1"> </p>'
    assert Image.open(io.BytesIO(pictures[1])).size == (60, 40)
    reading = read(documents.docx([TEXT], picture=drawing()), "docx", keep_picture=pictures.__setitem__)
    assert 'src="picture/1"' in reading.units[0].html
