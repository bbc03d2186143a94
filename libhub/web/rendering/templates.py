"""Templates: whose they are by the first part of their name, and in whose words they speak.

A section has the names below ``<id>/`` and no others. What such a template says comes from the section's catalogue,
what it inherits or imports from the core speaks in the core's: so the texts are bound while a template is compiled.
So are filters and tests that a section registered: two sections may have one of the same name each. A template that is
no file, but a text in a section's code, is the section's, too.
"""

from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from flask import Flask
from flask.templating import Environment as TemplateEnvironment
from jinja2 import BaseLoader, Environment, FileSystemLoader, Template, nodes, pass_eval_context
from jinja2.ext import i18n
from jinja2.lexer import Token, TokenStream
from jinja2.nodes import EvalContext
from jinja2.parser import Parser
from markupsafe import Markup

from libhub.base.i18n import domain_of
from libhub.base.section_of import asking_section

_BOUND: Final = {"_": "text_of", "gettext": "text_of", "ngettext": "counted_text_of"}
"""What templates call a function that translates, and the function that is told whose text it is."""

_SECTIONS: Final = "section_ids"


class BoundTexts(i18n):
    """Give every call that translates the section whose template it stands in; the core's is empty."""

    priority = i18n.priority + 1  # its {% trans %} goes before the one of Jinja

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Write ``_("…")`` as ``text_of("<section>", "…")``, and ``| name`` as ``| <section>.name`` where that is its own."""
        section = self._section(stream.name)
        before: Token | None = None
        earlier: Token | None = None
        for token in stream:
            if token.type == "name" and self._is_own(section, earlier, before, token.value):
                yield Token(token.lineno, "name", section)
                yield Token(token.lineno, "dot", ".")
            bound = _BOUND.get(token.value) if token.type == "name" else None
            free = before is None or not (before.type in ("dot", "pipe") or before.value == "macro")
            earlier, before = before, token
            if bound is None or not free or stream.current.type != "lparen":
                yield token
                continue
            yield Token(token.lineno, "name", bound)
            yield next(stream)
            yield Token(token.lineno, "string", section)
            yield Token(token.lineno, "comma", ",")

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """Do the same with ``{% trans %}``."""
        made = super().parse(parser)
        for call in nodes.Output(made if isinstance(made, list) else [made]).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in _BOUND:
                call.node.name = _BOUND[call.node.name]
                call.args.insert(0, nodes.Const(self._section(parser.name)))
        return made

    def _is_own(self, section: str, earlier: Token | None, before: Token | None, name: str) -> bool:
        """Say whether a name, after these two tokens, is that of a filter or test which the section registered."""
        if before is None or not section:
            return False
        said = before.value if before.type == "name" else ""
        negated = said == "not" and earlier is not None and earlier.value == "is"
        if said == "is" or negated:
            return _own(section, name) in self.environment.tests
        is_block = said == "filter" and earlier is not None and earlier.type == "block_begin"
        return (before.type == "pipe" or is_block) and _own(section, name) in self.environment.filters

    def _section(self, template: str | None) -> str:
        first = (template or "").partition("/")[0]
        return first if first in cast(frozenset[str], self.environment.globals[_SECTIONS]) else ""


class _Loader(BaseLoader):
    """Loads what is named ``<id>/…`` from the places of that section, and everything else from the core's folder."""

    def __init__(self, core: Path, changed: Path, sections: Mapping[str, Path]) -> None:
        self._core = FileSystemLoader(core)
        self._own = {
            section: FileSystemLoader([changed, core, folder / "templates"])
            for section, folder in sections.items()
        }
        self.given: dict[str, dict[str, Any]] = {section: {} for section in sections}
        """What the templates of a section have besides what all have."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template as Jinja asks for it."""
        loader = self._own.get(template.partition("/")[0], self._core)
        return loader.get_source(environment, template)

    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Return a template with what it has besides its context."""
        given = self.given.get(name.partition("/")[0])
        return super().load(environment, name, ChainMap(dict(given), globals or {}) if given else globals)


def _own(section: str, name: str) -> str:
    return f"{section}.{name}"


class Templates(TemplateEnvironment):
    """Flask's environment, in which filters and tests belong to their sections, and so do texts that are templates."""

    def call_filter(
        self,
        name: str,
        value: Any,
        args: Any = None,
        kwargs: Any = None,
        context: Any = None,
        eval_ctx: Any = None,
    ) -> Any:
        """Apply a filter that is named in a text, as ``map("name")`` does."""
        return super().call_filter(
            _named(self.filters, name, context), value, args, kwargs, context, eval_ctx
        )

    def call_test(
        self,
        name: str,
        value: Any,
        args: Any = None,
        kwargs: Any = None,
        context: Any = None,
        eval_ctx: Any = None,
    ) -> Any:
        """Apply a test that is named in a text, as ``select("name")`` does."""
        return super().call_test(_named(self.tests, name, context), value, args, kwargs, context, eval_ctx)

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        """Return a text as a template; with what its section gave to templates."""
        given = cast(_Loader, self.loader).given.get(asking_section(), {})
        return super().from_string(source, {**given, **(globals or {})}, template_class)

    def compile(self, source: Any, name: str | None = None, *more: Any, **named: Any) -> Any:
        """Compile a template; one without a name gets that of the section whose code has the text."""
        section = "" if name else asking_section()
        return super().compile(source, f"{section}/…" if section else name, *more, **named)


def _named(known: Collection[str], name: str, context: Any) -> str:
    section = (context.name or "").partition("/")[0] if context is not None else ""
    return own if (own := _own(section, name)) in known else name


def init_app(app: Flask, core: Path, sections: Mapping[str, Path]) -> None:
    """Load templates and let them translate.

    A section's page is looked for in ``templates/<id>/`` of the instance, then of the project, so that a school can
    change it, then of the section.

    :param core: the folder of the core's templates.
    :param sections: the folder of every section, by its id.
    """
    environment = app.jinja_env
    environment.loader = _Loader(core, Path(app.instance_path) / "templates", sections)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        {"text_of": _text_of, "counted_text_of": _counted_text_of, _SECTIONS: frozenset(sections)}
    )
    environment.add_extension(BoundTexts)


@dataclass(frozen=True)
class Names:
    """What all templates know at one time: functions and values, filters, tests."""

    globals: frozenset[str]
    filters: frozenset[str]
    tests: frozenset[str]


def names_of(app: Flask) -> Names:
    """Return what all templates know now."""
    known = app.jinja_env
    return Names(frozenset(known.globals), frozenset(known.filters), frozenset(known.tests))


def confine(app: Flask, section: str, before: Names) -> None:
    """Have what a section gave to all templates since then in its own alone."""
    everywhere = app.jinja_env.globals
    for name in everywhere.keys() - before.globals:
        cast(_Loader, app.jinja_env.loader).given[section][name] = everywhere.pop(name)
    known: dict[str, Any]
    for known, names in ((app.jinja_env.filters, before.filters), (app.jinja_env.tests, before.tests)):
        for name in known.keys() - names:
            known[_own(section, name)] = known.pop(name)


@pass_eval_context
def _text_of(context: EvalContext, section: str, message: str, /, **variables: Any) -> str:
    text = domain_of(section).gettext(message)
    return (Markup(text) if context.autoescape else text) % variables  # noqa: S704 - a text of the sources


@pass_eval_context
def _counted_text_of(
    context: EvalContext, section: str, singular: str, plural: str, num: int, /, **variables: Any
) -> str:
    text = domain_of(section).catalog().ngettext(singular, plural, num)
    return (Markup(text) if context.autoescape else text) % {"num": num, **variables}  # noqa: S704


def strays(section: str, folder: Path) -> list[str]:
    """Return the templates of a section that nobody sees, because they are not below its own name."""
    root = folder / "templates"
    top = list(root.iterdir()) if root.is_dir() else []
    elsewhere = [each for each in top if each.name != section or not each.is_dir()]
    found = [path for each in elsewhere for path in (each, *each.rglob("*")) if path.is_file()]
    return sorted(path.relative_to(root).as_posix() for path in found)
