"""What an activity must be like, whoever wrote it; amounts for a class."""

from dataclasses import replace
from decimal import Decimal
from types import ModuleType

import pytest
from flask import Flask

from libhub.kit.validation import Invalid
from plugins.crafts import amounts, rules
from plugins.crafts.activity_data import ActivityData, MaterialData, StepData

STEP = StepData("Сложите лист.")


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("title", ActivityData(title=" \n ")),
        ("title", ActivityData(title="д" * 201)),
        ("kind", ActivityData(title="а", kind="dance")),
        ("minutes", ActivityData(title="а", minutes=0)),
        ("minutes", ActivityData(title="а", minutes=10_000)),
        ("difficulty", ActivityData(title="а", difficulty=4)),
        ("age", ActivityData(title="а", age=7)),
        ("grade_from", ActivityData(title="а", grade_from=12)),
        ("grade_to", ActivityData(title="а", grade_from=5, grade_to=3)),
        ("holidays", ActivityData(title="а", holidays=("halloween",))),
        ("seasons", ActivityData(title="а", seasons=("mud",))),
        ("techniques", ActivityData(title="а", techniques=("д" * 101,))),
        ("summary", ActivityData(title="а", summary="д" * 301)),
        ("steps", ActivityData(title="а", steps=(STEP, StepData("  ", warning="Горячо")))),
        ("steps", ActivityData(title="а", steps=(STEP,) * 200)),
        ("steps", ActivityData(title="а", steps=(StepData("д" * 3_001),))),
        ("steps", ActivityData(title="а", steps=(StepData("а", picture="../../secret.svg"),))),
        ("materials", ActivityData(title="а", materials=(MaterialData("д" * 500),))),
        ("materials", ActivityData(title="а", materials=(MaterialData("", amount=2.0),))),
        ("materials", ActivityData(title="а", materials=(MaterialData("клей", amount=-1.0),))),
        ("materials", ActivityData(title="а", materials=(MaterialData("клей", amount=float("inf")),))),
        ("materials", ActivityData(title="а", materials=(MaterialData("клей", amount=float("nan")),))),
        ("materials", ActivityData(title="а", materials=(MaterialData("клей", 1.0, "parsec"),))),
        ("materials", ActivityData(title="а", materials=(MaterialData("клей"),) * 61)),
        ("questions", ActivityData(title="а", questions=({"kind": "single", "text": "?"},))),
        ("uid", ActivityData(title="а", uid="../x")),
    ],
)
def test_what_will_not_do_is_told_at_its_part(app: Flask, part: str, data: ActivityData) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        data.checked()
    assert part in refused.value.problems
    assert refused.value.problems[part].rstrip().endswith(".")


def test_a_step_without_text_and_two_hundred_steps_are_named(app: Flask) -> None:
    with app.test_request_context():
        with pytest.raises(Invalid, match=r"шаг 2: нет текста"):
            ActivityData(title="а", steps=(STEP, StepData(""))).checked()
        with pytest.raises(Invalid, match=r"200 шагов — слишком много, можно не больше 60"):
            ActivityData(title="а", steps=(STEP,) * 200).checked()
        with pytest.raises(Invalid, match=r"строка 1: название не длиннее 100 знаков"):
            ActivityData(title="а", materials=(MaterialData("д" * 500),)).checked()


def test_texts_are_trimmed_and_empty_rows_left_out(app: Flask) -> None:
    with app.app_context():
        clean = ActivityData(
            title="  Два\x00  слова ",
            techniques=("оригами", " оригами ", ""),
            materials=(MaterialData(" "), MaterialData("ножницы", 3.0, "gram", "tool", 2.0)),
            steps=(StepData("а\r\nб"), StepData("в")),
        ).checked()
    assert clean.title == "Два слова"
    assert clean.techniques == ("оригами",)
    assert clean.materials == (MaterialData("ножницы", use="tool"),)
    assert clean.steps[0].text == "а\nб"
    assert len({step.key for step in clean.steps}) == 2


def test_what_is_saved_comes_back_the_same(app: Flask, factory: ModuleType) -> None:
    with app.app_context():
        data = factory.sample("Туда и обратно", seasons=("winter", "autumn"), grade_from=2).checked()
        number = rules.save(data)
        back = rules.data_of(rules.get(number))
        assert replace(back, uid="") == data
        rules.save(replace(back, steps=back.steps[::-1]), number)
        turned = rules.data_of(rules.get(number)).steps
        assert [step.key for step in turned] == [step.key for step in back.steps[::-1]]


def test_nothing_to_do_is_not_published(app: Flask) -> None:
    with app.app_context():
        number = rules.save(ActivityData(title="Пусто"))
        for publish in (
            lambda: rules.save(ActivityData(title="Пусто"), number, state="published"),
            lambda: rules.set_state([number], "published"),
        ):
            with pytest.raises(Invalid):
                publish()
        assert rules.get(number).state == "draft"


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        ("1", "sheet", "1 лист"),
        ("3", "sheet", "3 листа"),
        ("56", "sheet", "56 листов"),
        ("1.5", "glass", "1,5 стакана"),
        ("0.5", "sheet", "0,5 листа"),
        ("21", "tablespoon", "21 столовая ложка"),
        ("5", "piece", "5\u00a0шт."),
    ],
)
def test_amounts_in_words(app: Flask, amount: str, unit: str, words: str) -> None:
    with app.test_request_context():
        assert amounts.amount_text(Decimal(amount), unit) == words


def test_amounts_for_a_class(app: Flask) -> None:
    materials = [
        MaterialData("бумага", 2.0, "sheet", pack=50.0),
        MaterialData("клей", 0.5, "piece"),
        MaterialData("скотч", 1.0, "piece", use="once"),
        MaterialData("краска", 0.1, "glass"),
        MaterialData("блёстки", optional=True),
        MaterialData("ножницы", use="tool"),
    ]
    with app.test_request_context():
        paper, glue, tape, paint, glitter = amounts.needs(materials, 28)
    assert (paper.amount, paper.packs, paper.pack) == ("56 листов", 2, "50 листов")
    assert glue.amount == "14\u00a0шт."
    assert tape.amount == "1\u00a0шт."
    assert paint.amount == "2,8 стакана"
    assert (glitter.amount, glitter.packs, glitter.optional) == ("", None, True)
    with app.test_request_context():
        assert amounts.needs(materials, 25)[0].packs == 1, "50 sheets are exactly one pack"
