"""The history of what a section keeps: it speaks people's words, and every thing has one with the ways back."""

from collections.abc import Iterator
from dataclasses import fields
from types import ModuleType
from typing import Any

from flask import Flask
from sqlalchemy import inspect, select

from libhub.base.audit import (
    audited_models,
    ignored_columns,
    part_models,
    subject_labels,
    told_by,
    untold,
    values_of,
)
from libhub.base.db import db
from libhub.base.i18n import in_language
from libhub.base.section_of import section_of
from libhub.kit.history.differences import NOTHING
from libhub.kit.history.subjects import Kept, row_from
from libhub.kit.history.words import label_of
from libhub.kit.published import Published
from libhub.plugging.loading.registry import get_registry


def models_of(plugin_id: str) -> Iterator[tuple[str, Any]]:
    """Yield the audited models of a section, or of the core (empty), with their tables."""
    for table, model in audited_models().items():
        if section_of(model.__module__) == plugin_id:
            yield table, model


def columns_of(model: Any) -> list[str]:
    """Return the columns, parts and fields of a model that pages tell."""
    kept: Kept | None = model.__audit_history__
    told = told_by(model)
    columns = [
        each.key
        for each in inspect(model).column_attrs
        if each.key not in ignored_columns(model) and told.get(each.key) is not untold
    ]
    return columns + ([each.name for each in fields(kept.data)] if kept else [*part_models(model)])


def wordless(plugin_id: str, language: str) -> list[str]:
    """Return what nobody said a word for in a language: columns, fields, the things themselves."""
    with in_language(language):
        found = [
            f"{table}.{name}: {label_of(model, name)}"
            for table, model in models_of(plugin_id)
            for name in columns_of(model)
            if not _is_word(label_of(model, name), language)
        ]
        return found + [
            f"{table}: {label}"
            for table, (label, section) in subject_labels().items()
            if section == plugin_id and not _is_word(label, language)
        ]


def _is_word(label: str, language: str) -> bool:
    russian = any("а" <= letter <= "я" for letter in label.lower())
    return bool(label) and label != NOTHING and (language != "ru" or russian)


def test_every_column_of_the_log_has_a_word(app: Flask, plugin_id: str) -> None:
    with app.test_request_context():
        assert wordless(plugin_id, "en") == []
        if section_speaks_russian(app, plugin_id):
            assert wordless(plugin_id, "ru") == []


def section_speaks_russian(app: Flask, plugin_id: str) -> bool:
    """Say whether a section has a Russian catalogue."""
    with app.app_context():
        return (get_registry().plugins[plugin_id].folder / "translations" / "ru").is_dir()


def test_everything_that_is_edited_has_its_history(app: Flask, plugin_id: str) -> None:
    with app.app_context():
        missing = [
            table
            for table, model in models_of(plugin_id)
            if issubclass(model, Published)
            and model.__audit_history__ is None
            and f"{plugin_id}.archive" in app.view_functions
        ]
    assert missing == [], "Editing adds it by itself; else History(model=…).add_to(blueprint)"


def test_what_the_log_has_of_a_row_makes_the_same_data(
    bare_app: Flask, plugin_id: str, factory: ModuleType
) -> None:
    with bare_app.test_request_context():
        factory.make_items(3)
        for _table, model in models_of(plugin_id):
            kept = model.__audit_history__
            if kept is None:
                continue
            for row in db.session.scalars(select(model).limit(3)):
                again = row_from(model, values_of(row))
                kept_data = kept.data_of or kept.data.of
                assert kept_data(again) == kept_data(row)
