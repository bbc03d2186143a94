"""A question of every kind."""

from decimal import Decimal

from libhub.quizzes import Match, Number, Option, Order, Question, Several, Short, Single

EVERY_KIND: list[Question] = [
    Single(
        "Кто написал «Капитанскую дочку»?",
        "Повесть вышла в 1836 году.",
        options=(Option("Пушкин"), Option("Гоголь", "он написал «Шинель»")),
    ),
    Several(
        "Что бывает у книги?",
        options=(Option("корешок"), Option("обложка"), Option("колесо")),
        right=frozenset({0, 1}),
    ),
    Order("Расставьте по порядку", items=("завязка", "кульминация", "развязка")),
    Match("Кто где живёт?", pairs=(("белка", "в дупле"), ("медведь", "в берлоге")), extra=("в норе",)),
    Short("Как зовут кота из Простоквашина?", accepted=(Option("Матроскин"),)),
    Number("В каком году родился Пушкин?", value=Decimal(1799), tolerance=Decimal(1)),
]
