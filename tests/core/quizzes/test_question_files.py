"""Files of questions: GIFT as its documentation shows it, Aiken, errors by line, and the way there and back."""

from decimal import Decimal
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libhub.base.errors import LibHubError
from libhub.quizzes import Match, Number, Option, Order, Question, Several, Short, Single, aiken, decode, gift
from libhub.quizzes.gift_writing import write
from libhub.quizzes.questions import InvalidQuestion


def one(text: str) -> Question:
    reading = gift.read(text)
    assert not reading.problems
    (question,) = reading.questions
    return question


def test_one_right_answer() -> None:
    question = one("::Имя:: Кто в гробнице Гранта? {=никто #верно ~Грант #нет\n ~Джефферсон}")
    assert question == Single(
        "Кто в гробнице Гранта?",
        name="Имя",
        options=(Option("никто", "верно"), Option("Грант", "нет"), Option("Джефферсон")),
        right=0,
    )


def test_a_missing_word() -> None:
    question = one("Два плюс {=два =2} равно четырём.")
    assert question == Short("Два плюс _____ равно четырём.", accepted=(Option("два"), Option("2")))


@pytest.mark.parametrize(
    ("answers", "right", "remarks"),
    [
        ("{T}", 0, ("", "")),
        ("{FALSE}", 1, ("", "")),
        ("{TRUE#не так#так}", 0, ("так", "не так")),
        ("{F#не так}", 1, ("не так", "")),
    ],
)
def test_true_or_false(answers: str, right: int, remarks: tuple[str, str]) -> None:
    question = one(f"1+1\\=2 {answers}")
    assert isinstance(question, Single)
    assert (question.text, question.right, question.shuffled) == ("1+1=2", right, False)
    assert tuple(option.feedback for option in question.options) == remarks


def test_several_right_answers() -> None:
    question = one("Какие? {~%50%первый ~%-50%второй ~%50%третий ####Вот так}")
    assert isinstance(question, Several)
    assert (question.right, question.explanation) == (frozenset({0, 2}), "Вот так")


def test_pairs_with_one_too_many() -> None:
    question = one("Кто что ест? {=кот -> рыбу\n=корова -> траву\n= -> камни}")
    assert question == Match("Кто что ест?", pairs=(("кот", "рыбу"), ("корова", "траву")), extra=("камни",))


@pytest.mark.parametrize(
    ("answers", "value", "tolerance"),
    [("{#1822:5}", "1822", "5"), ("{#1..5}", "3", "2"), ("{#3,14}", "3.14", "0"), ("{#=7:0.5}", "7", "0.5")],
)
def test_numbers(answers: str, value: str, tolerance: str) -> None:
    assert one(f"Когда? {answers}") == Number("Когда?", value=Decimal(value), tolerance=Decimal(tolerance))


def test_remarks_categories_formats_and_escapes() -> None:
    reading = gift.read(
        "// замечание\n$CATEGORY: Книги\n\n"
        "[markdown]Знаки \\{ \\} \\~ \\= \\# \\:\\nи \\\\ {\n// ещё замечание\n=а\n~[html]б}\n"
    )
    assert [question.text for question in reading.questions] == ["Знаки { } ~ = # :\nи \\"]
    assert not reading.problems


@pytest.mark.parametrize(
    ("block", "line", "word"),
    [
        ("Просто текст", 3, "фигурных"),
        ("Вопрос {=а ~б", 3, "не закрыты"),
        ("Вопрос\nв две строки }", 4, "без"),
        ("Вопрос {=а ~б} ещё {", 3, "вторая"),
        ("Вопрос {=а ~б} ещё }", 3, "без"),
        ("::Имя\nВопрос {=а ~б}", 3, "Имя"),
        ("Эссе {}", 3, "задание"),
        ("Вопрос {~а ~б}", 3, "верны"),
        ("Вопрос {=а}ы{", 3, "вторая"),
        ("Вопрос {=а ~а}", 3, "одинаковы"),
        ("Вопрос {а ~б}", 3, "начинается"),
        ("Вопрос {=а->б =в}", 3, "пары"),
        ("Вопрос {#}", 3, "числ"),
        ("Вопрос {#=1 =2}", 3, "одно"),
        ("Вопрос\n{=%50%а}", 4, "ответ"),
    ],
)
def test_an_error_is_told_by_its_line_and_the_rest_is_read(block: str, line: int, word: str) -> None:
    reading = gift.read(f"Первый {{=а ~б}}\n\n{block}\n\nПоследний {{T}}\n")
    assert [question.text for question in reading.questions] == ["Первый", "Последний"]
    assert [note.line for note in reading.problems] == [line]
    assert word in reading.problems[0].text


@pytest.mark.parametrize(
    "block",
    ["В {=а ~%50%б ~в}", "В {~%70%а ~%30%б}", "В {=а =%50%б}", "В {=а =б ~в}", "В <b>е</b> {T}", "В {#1#да}"],
)
def test_what_is_read_otherwise_is_told(block: str) -> None:
    reading = gift.read(block)
    assert len(reading.questions) == 1
    assert [note.line for note in reading.notes] == [1]


# -- there and back -----------------------------------------------------------------------------------

SIGNS = "абвёЯ" + ascii_letters[:4] + "0123 \n\t\\~=#{}:%[]<>/*-.,\"'«»→\U0001f600"
texts = st.text(SIGNS, max_size=30).filter(str.strip)
maybe = st.text(SIGNS, max_size=20)
options = st.lists(st.builds(Option, texts, maybe), min_size=1, max_size=6).map(tuple)
numbers = st.decimals(-(10**6), 10**6, allow_nan=False, allow_infinity=False, places=3)


def built(draw: st.DrawFn) -> Question:
    common = (draw(texts), draw(maybe), draw(maybe))
    some = draw(options)
    places = st.integers(0, len(some) - 1)
    strings = tuple(option.text for option in some)
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return Single(*common, options=some, right=draw(places), shuffled=draw(st.booleans()))
    if kind == 1:
        right = draw(st.frozensets(places, min_size=1))
        return Several(*common, options=some, right=right, shuffled=draw(st.booleans()))
    if kind == 2:
        return Order(*common, items=strings)
    if kind == 3:
        pairs = tuple((text, draw(texts)) for text in strings)
        return Match(*common, pairs=pairs, extra=tuple(draw(st.lists(texts, max_size=2))))
    if kind == 4:
        return Short(*common, accepted=some)
    return Number(*common, value=draw(numbers), tolerance=abs(draw(numbers)))


@st.composite
def questions(draw: st.DrawFn) -> Question | None:
    try:
        return built(draw)
    except InvalidQuestion:
        return None


@given(st.lists(questions(), max_size=4))
def test_what_is_written_reads_back_unchanged(drawn: list[Question | None]) -> None:
    some = tuple(question for question in drawn if question is not None)
    reading = gift.read(write(some))
    assert reading.problems == ()
    assert reading.questions == some


@given(st.text(SIGNS + "TF>", max_size=200))
def test_no_file_breaks_the_reader(text: str) -> None:
    lines = text.count("\n") + 1
    for read in (gift.read, aiken.read):
        reading = read(text)
        assert all(1 <= note.line <= lines and note.text for note in reading.problems + reading.notes)


# -- Aiken and encodings ------------------------------------------------------------------------------

AIKEN = """Что лежит на полке?
A. Книга
B. Стол
ANSWER: A

Кто пишет книги?
А) Писатель
Б) Читатель
В) Библиотекарь
ОТВЕТ: А
"""


def test_aiken_with_latin_and_russian_letters() -> None:
    reading = aiken.read(AIKEN)
    assert not reading.problems
    assert [question.text for question in reading.questions] == ["Что лежит на полке?", "Кто пишет книги?"]
    assert [len(question.options) for question in reading.questions if isinstance(question, Single)] == [2, 3]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Вопрос\nA. а\nB. б\n", 1),
        ("Вопрос\nA. а\nB. б\nДругой вопрос\nA. а\nB. б\nANSWER: B", 1),
        ("Вопрос\nA. а\nB. б\nANSWER: C", 4),
        ("Вопрос\nA. а\nANSWER: A", 3),
        ("ANSWER: A", 1),
        ("Вопрос\nA. а\nA. б\nB. в\nANSWER: A", 3),
    ],
)
def test_aiken_errors_are_told_by_line(text: str, line: int) -> None:
    assert [note.line for note in aiken.read(text).problems] == [line]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_files_of_any_notepad_are_read(encoding: str) -> None:
    assert aiken.read(decode(AIKEN.replace("\n", "\r\n").encode(encoding))) == aiken.read(AIKEN)


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00", b"\x98\x00", b"a" * (2 * 1024 * 1024 + 1)])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(LibHubError):
        decode(data)


def test_a_file_with_too_many_questions_is_refused() -> None:
    with pytest.raises(LibHubError):
        gift.read("В {T}\n\n" * 501)
