"""The judged set is well made, its figures are what their definitions say, and search is not below its baseline."""

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from bench import judged
from bench.judged import QUESTIONS, SET, Figures, Query

ROOT = SET.parents[1]
KINDS = {
    "two words",
    "one word",
    "question",
    "phrase",
    "title from memory",
    "subject and grade",
    "yo and e",
    "abbreviation",
}
PEOPLE = {"pupil", "teacher", "librarian", "parent"}


def rows(name: str) -> list[dict[str, Any]]:
    return list(judged.lines(SET / name))


@pytest.mark.slow
def test_search_ranks_as_well_as_the_baseline() -> None:
    """What got worse is in the message; ``python bench/judged.py --accept`` if it is meant to be so."""
    run = subprocess.run(
        [sys.executable, "bench/judged.py", "--alone"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"


def test_the_baseline_knows_every_query_and_no_other() -> None:
    baseline = json.loads((SET / "baseline.json").read_text(encoding="utf-8"))
    assert set(baseline) == {query.id for query in judged.load_queries()}


def test_documents_are_what_the_set_declares() -> None:
    documents = rows("documents.jsonl")
    assert len(documents) >= 400
    assert len({row["id"] for row in documents}) == len({row["text"] for row in documents}) == len(documents)
    for row in documents:
        assert set(row) == {"id", "kind", "title", "text"}
        assert all(row.values())
        assert 40 <= len(row["text"].split()) <= 150, row["id"]


def test_queries_are_what_the_set_declares() -> None:
    queries = rows("queries.jsonl")
    known = {row["id"] for row in rows("documents.jsonl")}
    assert len(queries) >= 150
    assert len({row["query"] for row in queries}) == len({row["id"] for row in queries}) == len(queries)
    numbers = Counter(row["kind"] for row in queries)
    assert set(numbers) == KINDS
    assert min(numbers.values()) >= 15, numbers
    for row in queries:
        assert row["who"] in PEOPLE, row
        assert row["relevant"], row
        assert set(row["relevant"]) <= known, row
        assert set(row["relevant"].values()) <= {1, 2, 3}, row


def test_questions_are_what_the_set_declares() -> None:
    questions = rows("questions.jsonl")
    known = {row["id"] for row in rows("documents.jsonl")}
    assert len(questions) >= 350
    assert (
        len({row["question"] for row in questions}) == len({row["id"] for row in questions}) == len(questions)
    )
    assert {row["answer"] for row in questions} <= known
    assert len({row["answer"] for row in questions}) >= 200


def test_the_figures_are_those_of_the_definitions() -> None:
    relevant = {"a": 3, "b": 2, "c": 1}
    best = judged.rate(["a", "b", "c"], relevant)
    assert (best.ndcg, best.reciprocal, best.first_right) == (1.0, 1.0, True)
    turned = judged.rate(["x", "b", "a"], relevant)
    # 2/log2(3) + 3/log2(4) against 3 + 2/log2(3) + 1/log2(4)
    assert turned.ndcg == pytest.approx((1.26186 + 1.5) / (3 + 1.26186 + 0.5), abs=1e-4)
    assert (turned.reciprocal, turned.first_right, turned.first) == (0.5, False, "x")
    late = judged.rate([*"0123456789", "a"], relevant)
    assert (late.ndcg, late.reciprocal) == (0.0, 0.0)
    assert judged.rate([], relevant) == Figures(0.0, 0.0, False, "")


@pytest.mark.parametrize(("now", "holds"), [(0.9, True), (0.898, True), (0.89, False)])
@pytest.mark.parametrize("kind", [QUESTIONS, "one word"])
def test_the_gate_closes_when_a_mean_falls(
    kind: str, now: float, holds: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = [Query("1", QUESTIONS, "Кто?", {"a": 3}), Query("2", "one word", "кот", {"a": 3})]
    before = {"1": 0.9, "2": 0.9}
    figures = {query.id: Figures(now if query.kind == kind else 0.9, 1.0, True, "кот-1") for query in queries}
    assert judged.compare(queries, figures, before) is holds
    printed = capsys.readouterr().out
    assert ("worse" in printed) is (now < 0.9)
    assert ("first: кот-1" in printed) is (now < 0.9)


def test_the_rivals_find_what_they_should() -> None:
    documents = [{"id": "1", "title": "Кот", "text": "спит"}, {"id": "2", "title": "Пёс", "text": "лает"}]
    assert judged.fts5(documents, judged.plain)("пёс") == ["2"]
    assert judged.fts5(documents, judged.plain)("псы") == []
    assert judged.fts5(documents, judged.stems)("коты") == ["1"]
