"""Sections are asked for what is to be indexed, and waited for only so long: one that blocks holds up no other.

They are asked in threads, not in processes: this happens with every edit, and somebody waits to find it. A thread cannot
be ended, so a section that does not answer is asked nothing more until it does. What was asked of it meanwhile is then
put into the outbox once more.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from libhub.base.application import Flask
from libhub.base.db import writing
from libhub.base.i18n import gettext as _
from libhub.search.documents import Document, ItemRef, ItemType
from libhub.search.store.indexer import TakesTooLong
from libhub.search.store.outbox import touch

logger = logging.getLogger(__name__)

SECONDS: Final = 60.0
START_SECONDS: Final = 10.0
"""While everybody waits for the hub; whoever takes longer is asked once more when it runs."""
_Value = TypeVar("_Value")


class Patience:
    """Who is being waited for, and what was asked of them in vain."""

    def __init__(self, app: Flask, seconds: float = SECONDS) -> None:
        self._app, self._seconds = app, seconds
        self._lock = threading.Lock()
        self._missed: dict[str, set[ItemRef]] = {}
        """By section that does not answer."""

    def kinds(self, types: Mapping[tuple[str, str], ItemType]) -> dict[tuple[str, str], ItemType]:
        """Return the same kinds, which answer in time or raise :class:`TakesTooLong`."""
        return {key: self._patient(each) for key, each in types.items()}

    def _patient(self, kind: ItemType) -> ItemType:
        def keys() -> Iterable[str]:
            return self._ask(kind.plugin, lambda: list(kind.keys()), ())

        def documents(some: Sequence[str]) -> Sequence[Document]:
            refs = [ItemRef(kind.plugin, kind.kind, key) for key in some]
            return self._ask(kind.plugin, lambda: list(kind.documents(some)), refs)

        return replace(kind, keys=keys, documents=documents)

    def _ask(
        self, plugin_id: str, question: Callable[[], list[_Value]], refs: Iterable[ItemRef]
    ) -> list[_Value]:
        answers: list[list[_Value]] = []
        errors: list[Exception] = []
        done = threading.Event()

        def answer() -> None:
            try:
                with self._app.app_context():
                    answers.append(question())
            except Exception as error:  # noqa: BLE001 - raised where it was asked
                errors.append(error)
            except BaseException as error:  # noqa: BLE001 - sys.exit, say: it must not end the indexing
                errors.append(RuntimeError(repr(error)))
            with self._lock:
                done.set()
                missed = self._missed.pop(plugin_id, None)
            if missed:
                self._ask_again(missed)

        with self._lock:
            if plugin_id in self._missed:
                self._missed[plugin_id].update(refs)
                raise self._too_long()
        threading.Thread(target=answer, daemon=True, name=f"asking {plugin_id}").start()
        done.wait(self._seconds)
        with self._lock:
            if not done.is_set():
                self._missed[plugin_id] = set(refs)
                raise self._too_long()
        if errors:
            raise errors[0]
        return answers[0]

    def _too_long(self) -> TakesTooLong:
        return TakesTooLong(_("does not answer within %(seconds)d s", seconds=self._seconds))

    def _ask_again(self, refs: Iterable[ItemRef]) -> None:
        try:
            with self._app.app_context(), writing():
                touch(sorted(refs))
        except SQLAlchemyError:
            logger.exception("what was not indexed is indexed at the next start")
