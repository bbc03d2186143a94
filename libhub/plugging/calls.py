"""The only place that calls hooks: enabled plugins, a stable order, checked answers, one failure policy per hook.

Whatever else the hub does with something of a section, it does inside :func:`guarded`.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from functools import partial
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from libhub.base.application import Extension, Flask, OfRequest, has_request_context
from libhub.base.db import db, give_up, has_unsaved, is_sound, is_writing
from libhub.base.dependencies import do_not_keep
from libhub.base.errors import LibHubError, let_pass
from libhub.base.i18n import gettext as _
from libhub.base.processes.process_state import put_back
from libhub.plugging import hookspecs, state
from libhub.plugging.answers import Answer, WrongAnswer, in_words
from libhub.plugging.loading.registry import get_registry

logger = logging.getLogger(__name__)
_AROUND: Final = Extension[Callable[[], AbstractContextManager[None]]]("around_hooks")
_TROUBLES: Final = OfRequest[dict[str, list[state.Trouble]]]("section_troubles")


def init_app(app: Flask, around: Callable[[], AbstractContextManager[None]]) -> None:
    """Have every hook called inside a block of this."""
    _AROUND.install(app, around)


class SectionFailure(LibHubError):
    """A section failed where its caller has to undo what it was doing."""


def call(hook: str, /, **arguments: Any) -> list[tuple[str, Any]]:
    """Call a hook of every enabled plugin; return plugin ids and answers, ``None`` left out."""
    return list(_answers(hook, state.enabled_plugins(), arguments))


def call_in_turn(hook: str, /, **arguments: Any) -> Iterator[tuple[str, Any]]:
    """Call a hook of one enabled plugin after another, each when its answer is asked for."""
    return _answers(hook, state.enabled_plugins(), arguments)


def call_one(plugin_id: str, hook: str, /, **arguments: Any) -> Any:
    """Call a hook of one plugin, on or off; ``None`` where it has no such hook."""
    return next((answer for _plugin, answer in _answers(hook, (plugin_id,), arguments)), None)


def call_or_fail(plugin_id: str, hook: str, /, **arguments: Any) -> None:
    """Call a hook of one plugin, as somebody does by hand: a failure is raised, whatever the policy of the hook.

    :raises SectionFailure: it failed.
    """
    for _answer in _answers(hook, (plugin_id,), arguments, policy="raise"):
        pass


def call_installed(hook: str, /, **arguments: Any) -> list[tuple[str, Any]]:
    """Call a hook of every plugin that works, also of those that are off.

    :raises LibHubError: none is loaded, so nobody can speak for what they keep.
    """
    return list(_answers(hook, _installed(), arguments))


def call_each_apart(hook: str, /, **arguments: Any) -> list[SectionFailure]:
    """Do the same inside ``writing()``: what a plugin began that fails is undone, the others' is done; return the failures.

    :raises LibHubError: see :func:`call_installed`; or one of them says why this cannot be done.
    """
    failures = []
    for plugin_id in _installed():
        try:
            with db.session.begin_nested():
                call_one(plugin_id, hook, **arguments)
        except SectionFailure as failure:
            failures.append(failure)
    return failures


def _installed() -> tuple[str, ...]:
    if get_registry().safe:
        raise LibHubError(_("This cannot be done now: no section is loaded (safe start)."))
    return tuple(plugin.id for plugin in get_registry().working())


def _answers(
    hook: str, plugin_ids: tuple[str, ...], arguments: dict[str, Any], policy: str | None = None
) -> Iterator[tuple[str, Any]]:
    declared, described = hookspecs.rule_of(hook)
    policy = policy or declared
    registry = get_registry()
    implementations = registry.implementations(hook)
    for plugin_id in plugin_ids:
        implementation = implementations.get(plugin_id)
        if implementation is None or registry.plugins[plugin_id].error:
            continue
        function = partial(
            implementation.function, **{name: arguments[name] for name in implementation.argnames}
        )
        clean, outside = not has_unsaved(), not is_writing()
        try:
            with _AROUND.current()():
                answer = copy_context().run(_checked, function, described)
            if outside and (not is_sound() or (clean and has_unsaved())):
                raise WrongAnswer("it changed rows outside writing(), or left a transaction half-way")
        except BaseException as error:
            let_pass(error)
            if isinstance(error, LibHubError) and policy == "raise":
                raise  # no failure: it says why this cannot be done
            if outside:
                give_up()  # the next one finds the transaction as it was
            note_failure(plugin_id, hook, error)
            if policy in ("raise", "mark"):
                raise SectionFailure(
                    _(
                        "The section “%(id)s” fails: %(error)s",
                        id=plugin_id,
                        error=f"{hook}: {in_words(error)}",
                    )
                ) from error
            continue
        finally:
            note_changed_process(plugin_id, hook)
        if answer is not None:
            yield plugin_id, answer


def _checked(function: Callable[[], Any], described: Answer) -> Any:
    """Ask, in a context of its own: what request, language or person is put in force there ends with it."""
    answer = function()
    return None if answer is None else described.check(answer)


@contextmanager
def guarded(plugin_id: str, place: str) -> Iterator[None]:
    """Do something with what a section gave: that it fails is noted as the section's failure, and no more."""
    try:
        yield
    except BaseException as error:  # noqa: BLE001 - the policy "blank"
        let_pass(error)
        note_failure(plugin_id, place, error)


def note_failure(plugin_id: str, place: str, error: BaseException) -> None:
    """Log a plugin's error with its name, and remember it for the plugins page.

    Inside a request the row is written after the page was made (see :func:`store_failures`).
    """
    do_not_keep()
    logger.error("plugin %s failed in %s", plugin_id, place, exc_info=error)
    _note(plugin_id, state.Trouble(place, in_words(error)))


def note_changed_process(plugin_id: str, place: str) -> None:
    """Put back what a section changed of the process that all share, and tell of it."""
    if changed := ", ".join(put_back()):
        text = _("it changes what all code of a process shares, which was put back: %(names)s", names=changed)
        note_warning(plugin_id, place, text)


def note_warning(plugin_id: str, place: str, text: str) -> None:
    """Log and remember, as a failure is, what a plugin gave that can be used only in part."""
    logger.warning("plugin %s: %s: %s", plugin_id, place, text)
    _note(plugin_id, state.Trouble(place, text, warning=True))


def _note(plugin_id: str, trouble: state.Trouble) -> None:
    if has_request_context():
        troubles = _TROUBLES.get() or {}
        troubles.setdefault(plugin_id, []).append(trouble)
        _TROUBLES.set(troubles)
    elif not is_writing():
        _store({plugin_id: [trouble]})


def store_failures() -> None:
    """Write down what failed while a request was answered."""
    troubles = _TROUBLES.pop()
    if troubles:
        db.session.rollback()  # whatever the failed page left half-way is not written with it
        _store(troubles)


def _store(troubles: dict[str, list[state.Trouble]]) -> None:
    for plugin_id, some in troubles.items():
        try:
            state.record_troubles(plugin_id, some)
        except SQLAlchemyError:
            db.session.rollback()
            logger.exception("the failure of plugin %s could not be stored", plugin_id)
