"""Tables of search: what waits to be indexed, synonyms, how often something was asked."""

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.audit import Audited
from libhub.base.db import db
from libhub.base.i18n import lazy_gettext as _l


class SearchOutbox(db.Model):  # type: ignore[name-defined,misc]
    """An item that search has to look at again; written in the transaction that changed the item."""

    __tablename__ = "core_search_outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # a number is never given twice

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))


class Synonym(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A group of words and phrases that search takes for one another, separated by commas."""

    __tablename__ = "core_synonym"
    __audit_label__ = _l("synonyms")
    __audit_title__ = "words"
    __audit_called__ = {"words": _l("Words")}

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(1000))


class SearchCount(db.Model):  # type: ignore[name-defined,misc]
    """How often something was searched on one day, by nobody in particular.

    ``results`` is how many there were the last time, ``opened`` how often one of them was opened.
    """

    __tablename__ = "core_search_count"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    text: Mapped[str] = mapped_column(String(200), primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    results: Mapped[int] = mapped_column(default=0)
