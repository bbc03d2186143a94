"""What is told of a hit is what it was scored by, to the last place, and only to whom it may be told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from libhub.search.asking import scoring, synonyms
from libhub.search.asking.search import match
from libhub.search.queries import Query
from libhub.search.store.index import SearchIndex
from tests.core.search.conftest import EVERYBODY, query_words
from tests.core.test_command_line import Run, failed, run

__all__ = ["run"]  # a fixture

TEXTS = (
    "Ракета и космонавтика в музее, большая ракета",
    "Космическая ракета стоит на столе",
    "Ракета для детей",
    "Космические сказки для детей",
    *(f"полка{number} стол{number}" for number in range(60)),
)


@pytest.fixture
def index(index_of: Callable[..., SearchIndex], monkeypatch: pytest.MonkeyPatch) -> SearchIndex:
    monkeypatch.setattr(synonyms, "in_force", lambda: ())
    return index_of(*TEXTS)


@pytest.mark.parametrize("text", ["космическая ракета", "ракета для детей", "ракета", "и для", "", "жираф"])
def test_the_parts_make_the_score(index: SearchIndex, text: str) -> None:
    query = Query(query_words(f"{text} ", index, EVERYBODY), EVERYBODY)
    explained = index.reading().ask(lambda snapshot: scoring.explain(snapshot, query))
    assert [one.hit for one in explained] == match(index.reading(), query).hits
    for one in explained:
        total = sum(addition.amount for addition in one.additions)
        assert total * one.factor == pytest.approx(one.hit.score, rel=1e-5)
        assert sum(addition.covers for addition in one.additions) == pytest.approx(one.coverage, rel=1e-5)
        assert one.coverage <= one.best + 1e-5
    if text == "космическая ракета":
        kinds = {one.hit.ref.key: {addition.kind for addition in one.additions} for one in explained}
        assert kinds["1"] >= {"word", "form", "pair"}
        assert "kin" in kinds["0"], "космонавтика supports космическая"


def test_the_command_tells_words_weights_and_sums(run: Run, instance: Path) -> None:
    told = run(instance, "search", "explain", "скаски для малышей", "--limit", "2")
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert lines[0] == "Искали: сказки для малышей (набрано: скаски для малышей)"
    assert any(line.startswith("  для: ") and "само ничего не находит" in line for line in lines)
    hits = [line for line in lines if line[:1].isdigit()]
    assert len(hits) == 2
    assert hits[0].startswith("1. Сказки для малышей (resources/resource/")
    assert sum("счёт " in line for line in lines) == 2
    sums = [line for line in lines if "   + " in line]
    assert any("слово «сказки»" in line and "idf" in line for line in sums)
    assert any("в заглавии «сказки»" in line for line in sums)


def test_operators_and_nothing_are_told(run: Run, instance: Path) -> None:
    told = run(instance, "search", "explain", '"сказки для" -кино раздел:ресурсы').out
    for said in ("только с фразой «сказки для»", "только без «кино»", "только где section — resources"):
        assert said in told
    assert run(instance, "search", "explain", "абырвалг-щщщ").out.splitlines()[-1] == "Ничего не нашлось."
    assert run(instance, "search", "explain", "?!").out.splitlines()[-1] == "Ничего не нашлось."


def test_rights_are_those_of_the_role(run: Run, instance: Path, app: Any) -> None:
    from libhub.testing import index_now
    from plugins.resources import rules
    from plugins.resources.rules import ResourceData

    with app.app_context():
        rules.save(ResourceData(age=0, title="Килиманжарка", url="https://example.org/k", visibility="staff"))
    index_now(app)
    assert "1. Килиманжарка" in run(instance, "search", "explain", "килиманжарка").out
    assert "Килиманжарка" not in run(instance, "search", "explain", "килиманжарка", "--as", "guest").out
    assert "Килиманжарка" not in run(instance, "search", "explain", "килиманжарка", "--as", "student").out


def test_an_unknown_role_and_a_missing_index_are_told_in_a_line(run: Run, instance: Path) -> None:
    assert run(instance, "search", "explain", "кот", "--as", "king").code != 0
    (instance / "index" / "CURRENT").unlink()
    failed(run(instance, "search", "explain", "кот"), "Поиск приводится в порядок")
