"""Whatever is given to what a section declares, it is in order afterwards or refused field by field."""

import pkgutil
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, time
from importlib import import_module
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import NaiveDatetime

import plugins
from libhub.kit.validation import Data, Invalid, Rule

ANY_SIGN = st.characters(exclude_categories=())
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers() | st.sampled_from([-1, 0, 1, 2**31, 2**63, 10**5000, -(10**5000)]),
    st.floats(),
    st.text(ANY_SIGN, max_size=20),
    st.sampled_from(["я" * 30_000, "\x00\x1b", "\ud800", "http://[", "a\u2028b", "Europe/\x00", "x" * 5_000]),
    st.binary(max_size=5),
    st.dates() | st.datetimes() | st.just(datetime(2026, 9, 1, tzinfo=UTC)) | st.just(time(9)),
)
GOOD: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(ANY_SIGN, max_size=10) | st.sampled_from(["other", "x" * 400, "а\x00б", "Asia/Novosibirsk"]),
    int: st.integers(-2, 20) | st.sampled_from([2**31 - 1, -(2**31) + 1]),
    float: st.floats(),
    bool: st.booleans(),
    date: st.dates(),
    NaiveDatetime: st.datetimes(),
    dict: st.dictionaries(st.text(max_size=5), JUNK, max_size=2),
}
JUDGED_WHERE_IT_IS_USED = {
    *("EventData.zone", "EventData.rule", "EventData.excluded", "EventData.added"),
    *("StepData.key", "ActivityData.questions"),
}
"""A zone is one that there is; a rule and days are taken apart, and refused, when an event is repeated; a key that
is none gets another one; and questions have a language of their own."""


def declared(base: type[Data] = Data) -> Iterator[type[Data]]:
    for kind in base.__subclasses__():
        yield kind
        yield from declared(kind)


for found in pkgutil.walk_packages(plugins.__path__, "plugins."):
    if ".migrations" not in found.name:
        import_module(found.name)
KINDS = sorted(
    (kind for kind in declared() if kind.__module__.startswith("plugins.")), key=lambda kind: kind.__name__
)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of a type as it is written at a field."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if isinstance(hint, type) and issubclass(hint, Data):
        return data_of(hint)
    if hint in GOOD:
        return GOOD[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (tuple, frozenset):
        return st.lists(of_type(inner[0]) | JUNK, max_size=3).map(origin)
    if origin is dict:
        return GOOD[dict]
    if inner:
        return st.one_of([st.none() if each is type(None) else of_type(each) for each in inner])
    raise AssertionError(f"no values of {hint}")


def data_of(kind: type[Data]) -> st.SearchStrategy[Data]:
    hints = get_type_hints(kind, include_extras=True)
    values = {item.name: of_type(hints[item.name]) | JUNK for item in fields(kind)}
    mostly_good = {item.name: of_type(hints[item.name]) for item in fields(kind)}
    return st.builds(kind, **values) | st.builds(kind, **mostly_good)


@each_kind
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_whatever_is_given_is_in_order_or_refused_at_its_fields(
    app: Flask, kind: type[Data], draw: st.DataObject
) -> None:
    given = draw.draw(data_of(kind))
    problems: dict[str, str] | None = None
    with app.test_request_context():
        try:
            clean = given.checked()
        except Invalid as error:
            problems = error.problems
        else:
            assert type(clean) is kind
            assert clean.checked() == clean
    if problems is not None:
        assert problems
        assert problems.keys() <= {item.name for item in fields(kind)}
        assert all(problems.values())


@each_kind
def test_every_text_has_a_rule(kind: type[Data]) -> None:
    """So no section forgets what cannot be stored or shown."""
    hints = get_type_hints(kind, include_extras=True)
    for name in (item.name for item in fields(kind)):
        rules = [rule for rule in getattr(hints[name], "__metadata__", ()) if isinstance(rule, Rule)]
        if "str" in str(hints[name]) and f"{kind.__name__}.{name}" not in JUDGED_WHERE_IT_IS_USED:
            assert rules, f"{kind.__name__}.{name} takes any text: declare what it must be"


def test_the_sections_declare_what_they_keep() -> None:
    assert {
        *("ResourceData", "EventData", "DateData", "PeriodData", "CourseData", "SectionData", "LessonData"),
        *("ExternalData", "ActivityData", "MaterialData", "StepData"),
    } <= {kind.__name__ for kind in KINDS}
