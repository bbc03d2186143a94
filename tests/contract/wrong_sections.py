"""Sections that are wrong, each in one way, and what is right of the section itself.

In every case the other pages are as without the section. Of the section:

named     its failure is told by name on the page of sections and by ``libhub doctor``; its answer counts as none
broken    it is marked broken at start, by name, with what is wrong; the hub starts without it
warned    what it gave is used as far as it goes, and a warning is told
escaped   the text is shown, escaped
refused   switching it on is refused, with the reason; nothing was switched
right     nothing is wrong with it: another spelling of the same answer
"""

from dataclasses import dataclass, field
from textwrap import indent

HEAD = """
import sys
from datetime import date, datetime, timedelta
from flask import Blueprint, render_template
from libhub.api import *
from libhub.api import hookimpl
from flask_babel.speaklater import LazyString
from markupsafe import Markup

blueprint = Blueprint("bad", __name__, url_prefix="/bad", template_folder="templates")

@blueprint.get("/")
@public
def index():
    return "bad"

def fail(*arguments, **named):
    return 1 / 0
"""
PAGES = """
@hookimpl
def register_blueprints():
    return [blueprint]
"""
TEMPLATES = {
    "templates/bad/ok.html": "whole {{ shown }}",
    "templates/bad/raises.html": "{{ 1 // 0 }}",
    "templates/bad/syntax.html": "{% if %}",
    "templates/bad/endless.html": "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    "templates/bad/itself.html": "{% include 'bad/itself.html' %}",
    "templates/bad/heir.html": "{% extends 'bad/heir.html' %}",
}


@dataclass(frozen=True)
class Wrong:
    """A section: what its ``hooks.py`` says, what is right, and a word of what is told."""

    code: str
    right: str
    word: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def hooks(self) -> str:
        """Return the whole of ``hooks.py``."""
        if self.right == "broken" and "register_blueprints" in self.code:
            return HEAD + self.code
        return HEAD + PAGES + self.code


def hook(signature: str, body: str, right: str, word: str = "") -> Wrong:
    """Return a section of which one hook is wrong."""
    return Wrong(f"\n@hookimpl\ndef {signature}:\n{indent(body, '    ')}\n", right, word)


def nav(entry: str, right: str = "named", word: str = "nav_items: ") -> Wrong:
    return hook("nav_items()", f"return {entry}", right, word)


def card(entry: str, right: str = "named", word: str = "") -> Wrong:
    return hook("home_cards()", f"return {entry}", right, word)


def setting(declared: str, word: str = "register_settings: ") -> Wrong:
    return hook("register_settings()", f"return [{declared}]", "broken", word)


def job(declared: str, word: str) -> Wrong:
    return hook("register_jobs()", f"return [{declared}]", "broken", word)


def permission(declared: str, word: str) -> Wrong:
    return hook("register_permissions()", f"return [{declared}]", "broken", word)


def entry(declared: str, word: str) -> Wrong:
    return hook("calendar_entries()", f"return {declared}", "named", word)


def check(run: str, word: str) -> Wrong:
    return hook("health_checks()", f"return [HealthCheck('check', {run})]", "named", word)


def statistics(answer: str, right: str = "named", word: str = "statistics: ") -> Wrong:
    return hook("statistics()", f"return {answer}", right, word)


def personal(answer: str, right: str = "named", word: str = "personal_data: ") -> Wrong:
    return hook("personal_data(user_id)", f"return {answer}", right, word)


def wide(code: str, kind: str) -> Wrong:
    """Return a section that registers something for every page: it is confined to its own."""
    return Wrong(f"\n{code}\n", "warned", kind)


def meddling(code: str, word: str) -> Wrong:
    """Return a section that changes the application itself while its blueprint is registered."""
    return Wrong(
        f"\ndef meddle(state):\n    app = state.app\n{indent(code, '    ')}\nblueprint.record(meddle)\n",
        "broken",
        word,
    )


def importing(code: str, word: str) -> Wrong:
    """Return a section that does so when it is imported."""
    return Wrong(f"\nfrom flask import current_app as app\n{code}\n", "broken", word)


def listing(body: str, word: str, right: str = "named") -> Wrong:
    """Return a section whose hook for the menu does something besides."""
    return hook("nav_items()", f"{body}\nreturn []", right, word)


ITEMS = """
def keys():
    return ["1", "2"]

def documents(keys):
    return [Document(ItemRef("bad", "thing", key), f"Сказки {key}", "", frozenset({PUBLIC}), 0) for key in keys]

def summaries(viewer, keys):
    return {key: Summary(f"Сказки {key}", f"/bad/{key}", 0) for key in keys}

def editable(viewer, keys):
    return []
"""


def items(change: str = "", *, kind: str = "", right: str = "named", word: str = "") -> Wrong:
    """Return a section with things to be found; ``change`` says anew what one of the functions does."""
    declared = kind or 'ItemType("bad", "thing", "things", keys, documents, summaries, editable=editable)'
    return Wrong(
        f"{ITEMS}\n{change}\n@hookimpl\ndef register_item_types():\n    return [{declared}]\n", right, word
    )


def view(body: str, word: str) -> Wrong:
    code = f"\n@blueprint.get('/page')\n@public\ndef wrong_page():\n{indent(body, '    ')}\n"
    return Wrong(code, "named", word)


def migration(body: str, *, revision: str = "bad_0001", down: str = "None") -> str:
    return (
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '{revision}'\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n"
        f"def upgrade():\n{indent(body, '    ')}\n"
    )


TABLE = "op.create_table('bad_thing', sa.Column('id', sa.Integer, primary_key=True))\n"


def migrations(*texts: str, word: str = "") -> Wrong:
    files = {f"migrations/bad_{number:04}.py": text for number, text in enumerate(texts, 1)}
    return Wrong("", "broken", word, files)


WRONG = {
    # -- the menu
    "nav: raises": hook("nav_items()", "1 / 0", "named", "nav_items: ZeroDivisionError"),
    "nav: raises after the first entry": hook(
        "nav_items()", "yield NavItem('x', '/bad/')\n1 / 0", "named", "ZeroDivisionError"
    ),
    "nav: ends the program": hook("nav_items()", "sys.exit('bye')", "named", "SystemExit"),
    "nav: an error that cannot be told": hook(
        "nav_items()",
        "class Odd(Exception):\n    __str__ = fail\nraise Odd",
        "named",
        "nav_items: Odd",
    ),
    "nav: half a character in the error": hook("nav_items()", "raise ValueError('\\ud800')", "named", "?"),
    "nav: for ever": hook("nav_items()", "return nav_items()", "named", "RecursionError"),
    "nav: None url": nav('[NavItem("x", None)]', word="item 1: url: "),
    "nav: url of a script": nav('[NavItem("x", "javascript:alert(1)")]', word="item 1: url: "),
    "nav: order is a text": nav('[NavItem("x", "/bad/"), NavItem("x", "/bad/", order="10")]', word="item 2: order: "),
    "nav: order None": nav('[NavItem("x", "/bad/", order=None)]', word="order: "),
    "nav: order True": nav('[NavItem("x", "/bad/", order=True)]', word="order: "),
    "nav: order of a fraction": nav('[NavItem("x", "/bad/", order=1.5)]', word="order: "),
    "nav: label None": nav('[NavItem(None, "/bad/")]', word="label: "),
    "nav: label in bytes": nav('[NavItem(b"x", "/bad/")]', word="label: "),
    "nav: label raises": nav('[NavItem(LazyString(fail), "/bad/")]', word="label: "),
    "nav: label is half a character": nav('[NavItem("\\ud800", "/bad/")]', word="label: "),
    "nav: a tuple": nav('[("x", "/bad/")]', word="item 1: "),
    "nav: one entry": nav('NavItem("x", "/bad/")', word="a list is needed"),
    "nav: a text": nav('"/bad/"', word="a list is needed"),
    "nav: a mapping": nav('{"x": "/bad/"}', word="a list is needed"),
    "nav: not awaited": Wrong("\n@hookimpl\nasync def nav_items():\n    return []\n", "named", "coroutine"),
    "nav: a card": nav('[HomeCard("x", "bad/ok.html")]', word="item 1: "),
    "nav: leaves changes behind": hook(
        "nav_items()",
        "from libhub.plugging.models import SettingValue\n"
        "db.session.add(SettingValue(plugin_id='core', name='library_name', value='x'))\nreturn []",
        "named",
        "outside writing()",
    ),
    "nav: breaks the transaction": hook(
        "nav_items()",
        "from libhub.plugging.models import SettingValue\n"
        "db.session.add(SettingValue(plugin_id=None, name=None, value='x'))\ndb.session.flush()",
        "named",
        "nav_items: ",
    ),
    "nav: no such table": hook(
        "nav_items()", "from sqlalchemy import text\ndb.session.execute(text('SELECT x FROM bad_none'))", "named",
        "OperationalError",
    ),
    "nav: unknown icon": nav('[NavItem("x", "/bad/", icon="megaphone")]', "warned", "megaphone"),
    "nav: icon None": nav('[NavItem("x", "/bad/", icon=None)]', word="icon: "),
    "nav: a set": nav('{NavItem("x", "/bad/", icon="star")}', "right"),
    "nav: a generator": nav('(NavItem(label, "/bad/") for label in ("x", "x"))', "right"),
    "nav: nothing": nav("None", "right"),
    # -- cards, slots, calendar
    "card: no template": card('[HomeCard("x", "bad/none.html")]', word="TemplateNotFound"),
    "card: template raises": card('[HomeCard("x", "bad/raises.html")]', word="ZeroDivisionError"),
    "card: template cannot be read": card('[HomeCard("x", "bad/syntax.html")]', word="TemplateSyntaxError"),
    "card: value raises": card(
        '[HomeCard("x", "bad/ok.html", {"shown": LazyString(fail)})]', word="ZeroDivisionError"
    ),
    "card: half a character": card('[HomeCard("x", "bad/ok.html", {"shown": "\\ud800"})]', word="surrogate"),
    "card: a macro that calls itself": card('[HomeCard("x", "bad/endless.html")]', word="RecursionError"),
    "card: a template that is in itself": card('[HomeCard("x", "bad/itself.html")]', word="RecursionError"),
    "card: a template that inherits from itself": card('[HomeCard("x", "bad/heir.html")]', word="RecursionError"),
    "card: order None": card('[HomeCard("x", "bad/ok.html", order=None)]', word="order: "),
    "card: template None": card('[HomeCard("x", None)]', word="template: "),
    "card: values in a list": card('[HomeCard("x", "bad/ok.html", ["shown"])]', word="context: "),
    "card: names that are numbers": card('[HomeCard("x", "bad/ok.html", {1: 2})]', word="context: "),
    "card: title raises": card('[HomeCard(LazyString(fail), "bad/ok.html")]', word="title: "),
    "slot: int": hook("slot_fragments(slot)", "return [1]", "named", "slot_fragments: item 1: "),
    "slot: str": hook("slot_fragments(slot)", 'return "text"', "named", "slot_fragments: a list"),
    "slot: str html": hook("slot_fragments(slot)", 'return ["<b>x</b>"]', "escaped"),
    "slot: lazy html": hook("slot_fragments(slot)", 'return [LazyString(lambda: "<b>x</b>")]', "escaped"),
    "slot: markup": hook("slot_fragments(slot)", 'return (Markup("<b>x</b>"),)', "right"),
    "calendar: str day": entry('[CalendarEntry("x", "/bad/", "2026-11-27", "2026-11-27")]', "first_day: "),
    "calendar: a moment for a day": entry(
        '[CalendarEntry("x", "/bad/", datetime.now(), datetime.now())]', "first_day: "
    ),
    "calendar: backwards": entry(
        '[CalendarEntry("x", "/bad/", date(2026, 2, 2), date(2026, 2, 1))]', "last_day is before"
    ),
    "calendar: no time zone": entry(
        '[CalendarEntry("x", "/bad/", date.today(), date.today(), datetime.now())]', "starts_at: "
    ),
    "calendar: one entry": entry('CalendarEntry("x", "/bad/", date.today(), date.today())', "a list"),
    # -- rights and accounts
    "labels: str": hook("viewer_labels(viewer)", 'return "staff"', "named", "viewer_labels: a list"),
    "labels: numbers": hook("viewer_labels(viewer)", "return {1}", "named", "viewer_labels: "),
    "labels: a thousand times a hundred": hook(
        "viewer_labels(viewer)", "return frozenset(map(str, range(100_000)))", "named", "viewer_labels: "
    ),
    "labels: raises": hook("viewer_labels(viewer)", "1 / 0", "named", "viewer_labels: Zero"),
    "labels: ends the program": hook("viewer_labels(viewer)", "sys.exit()", "named", "viewer_labels: System"),
    "labels: list": hook("viewer_labels(viewer)", 'return ["class:5"]', "right"),
    "authenticate: int": hook("authenticate(username, password)", "return 7", "named", "authenticate: "),
    "authenticate: bool": hook("authenticate(username, password)", "return True", "named", "authenticate: "),
    "authenticate: raises": hook("authenticate(username, password)", "1 / 0", "named", "authenticate: Zero"),
    "authenticate: nobody": hook(
        "authenticate(username, password)", 'return "nobody-here"', "warned", "nobody-here"
    ),
    # -- care
    "stats: text": statistics('{"x": "many"}'),
    "stats: list": statistics('[("x", 1)]'),
    "stats: bool": statistics('{"x": True}'),
    "stats: fraction": statistics('{"x": 0.5}'),
    "stats: label raises": statistics('{LazyString(fail): 1}'),
    "stats: a number nobody can write": statistics('{"x": 10 ** 5000}'),
    "stats: raises": hook("statistics()", "1 / 0", "named", "statistics: Zero"),
    "stats: lazy label": statistics('{LazyString(lambda: "x"): 1}', "right"),
    "health: raises": check("fail", "check: ZeroDivisionError"),
    "health: bool": check("lambda: True", "check: "),
    "health: ends the program": check("lambda: sys.exit()", "check: SystemExit"),
    "health: gives up": check("lambda: (_ for _ in ()).throw(GeneratorExit)", "check: GeneratorExit"),
    "health: never ends": hook(
        "health_checks()",
        "import time\nreturn [HealthCheck('check', lambda: time.sleep(40))]",
        "named",
        "check: ",
    ),
    "health: no function": check("None", "health_checks: item 1: run: "),
    "health: raises at once": hook("health_checks()", "1 / 0", "named", "health_checks: Zero"),
    "personal: set": personal('{"x": {1, 2}, "y": object()}'),
    "personal: object": personal('{"x": [{"y": object()}]}'),
    "personal: numbers for names": personal('{"x": {1: 2}}'),
    "personal: list": personal('["x"]'),
    "personal: not a number": personal('{"x": float("nan")}'),
    "personal: itself": hook("personal_data(user_id)", 'data = {}\ndata["x"] = data\nreturn data', "named"),
    "personal: raises": hook("personal_data(user_id)", "1 / 0", "named", "personal_data: Zero"),
    "personal: tuple": personal('{"x": (1, None, "y", {"z": 0.5})}', "right"),
    "personal: described, an object": personal('{"x": KeptData("X", object())}'),
    "personal: described, a label that cannot be told": personal('{"x": KeptData(LazyString(fail), 1)}'),
    "personal: described, a number for a purpose": personal('{"x": KeptData("X", 1, 2)}'),
    "personal: described": personal('{"x": KeptData("X", [{"y": 1}], "зачем", "год", {"y": "Y"})}', "right"),
    # -- declarations
    "settings: unknown type": setting('Setting("a", "A", 1, "float")', "item 1: type: "),
    "settings: choice without choices": setting('Setting("a", "A", "x", "choice")', "no choices"),
    "settings: default not among choices": setting(
        'Setting("a", "A", "x", "choice", choices=(("y", "Y"),))', "not among its choices"
    ),
    "settings: default of another type": setting('Setting("a", "A", "1", "integer")', "default"),
    "settings: bool for a number": setting('Setting("a", "A", True, "integer")', "default"),
    "settings: least above most": setting('Setting("a", "A", 5, "integer", least=9, most=1)', "least"),
    "settings: default out of bounds": setting('Setting("a", "A", 5, "integer", most=1)', "default"),
    "settings: twice": setting('Setting("a", "A", "x"), Setting("a", "B", "y")', "twice"),
    "settings: label raises": setting('Setting("a", LazyString(fail), "x")', "label: "),
    "settings: label raises in English": setting(
        'Setting("a", LazyString(lambda: fail() if current_locale() == "en" else "x"), "x")', "label: "
    ),
    "settings: choices are texts": setting('Setting("a", "A", "x", "choice", choices=("x", "y"))', "choices: "),
    "job: of another section": job('JobKind("core.x", "X", fail)', "core.x"),
    "job: twice": job('*[JobKind("bad.x", "X", fail)] * 2', "twice"),
    "job: cannot be run": job('JobKind("bad.x", "X", "fail")', "run: "),
    "job: its name cannot be told": job('JobKind("bad.x", LazyString(fail), fail)', "ZeroDivisionError"),
    "perm: unknown role": permission('Permission("bad.x", "X", frozenset({"librarain"}))', "librarain"),
    "perm: one role": permission('Permission("bad.x", "X", "librarian")', "roles: "),
    "perm: of another section": permission('Permission("core.x", "X", frozenset())', "core.x"),
    "perm: twice": permission('*[Permission("bad.x", "X", frozenset())] * 2', "twice"),
    "hook: misspelt": hook("nav_item()", "return []", "broken", "nav_item"),
    "hook: unknown argument": hook("nav_items(user)", "return []", "broken", "user"),
    "command: no command": hook("register_commands()", "return [fail]", "broken", "register_commands: "),
    "pages: no blueprint": hook("register_blueprints()", 'return ["bad"]', "broken", "register_blueprints: "),
    "pages: a route that declares nothing": Wrong(
        "\n@blueprint.get('/open')\ndef open_page():\n    return ''\n", "broken", "open_page"
    ),
    "import: ends the program": Wrong("\nsys.exit('bye')\n", "broken", "SystemExit"),
    "import: gives up": Wrong("\nraise GeneratorExit\n", "broken", "GeneratorExit"),
    "import: cannot be read": Wrong("\ndef broken(:\n", "broken", "SyntaxError"),
    "import: no such module": Wrong("\nimport nosuchmodule\n", "broken", "nosuchmodule"),
    # -- kinds of things that are found
    "kind: of another section": items(
        kind='ItemType("resources", "thing", "things", keys, documents, summaries)', right="broken", word="thing"
    ),
    "kind: no function": items(
        kind='ItemType("bad", "thing", "things", ["1"], documents, summaries)', right="broken", word="keys: "
    ),
    "kind: twice": items(
        kind='*[ItemType("bad", "thing", "things", keys, documents, summaries)] * 2', right="broken", word="twice"
    ),
    "kind: facet without labels": items(
        kind='ItemType("bad", "thing", "things", keys, documents, summaries, [Facet("x", "X", ["y"])])',
        right="broken",
        word="facets: item 1: values: ",
    ),
    "keys: raises": items("keys = fail", word="keys: Zero"),
    "keys: numbers": items("def keys():\n    return [1, 2]", word="keys: item 1: "),
    "keys: text": items("def keys():\n    return 'abc'", word="keys: a list"),
    "keys: ends the program": items("def keys():\n    sys.exit()", word="keys: "),
    "documents: raises": items("documents = fail", word="documents 1: Zero"),
    "documents: None": items("def documents(keys):\n    return None", word="documents 1: a list"),
    "documents: of another section": items(
        "def documents(keys):\n    return [Document(ItemRef('resources', 'resource', '1'), 'x', '', frozenset(), 0)]",
        word="resources/resource/1",
    ),
    "documents: half a character": items(
        "def documents(keys):\n"
        "    return [Document(ItemRef('bad', 'thing', key), '\\ud800', '', frozenset({PUBLIC}), 0) for key in keys]",
        word="title: ",
    ),
    "documents: no such table": items(
        "def documents(keys):\n"
        "    from sqlalchemy import text\n    db.session.execute(text('SELECT x FROM bad_none'))",
        word="documents 1: OperationalError",
    ),
    "summaries: raises": items("summaries = fail", word="summaries: Zero"),
    "summaries: list": items("def summaries(viewer, keys):\n    return list(keys)", word="summaries: a mapping"),
    "summaries: texts": items("def summaries(viewer, keys):\n    return {key: 'x' for key in keys}", word="summaries: "),
    "summaries: title None": items(
        "def summaries(viewer, keys):\n    return {key: Summary(None, '/bad/', 0) for key in keys}", word="title: "
    ),
    "summaries: ends the program": items("def summaries(viewer, keys):\n    sys.exit()", word="summaries: "),
    "kind: right": items(right="right"),
    # -- pages
    "view: raises": view("1 / 0", "/bad/page: ZeroDivisionError"),
    "view: no template": view("return render_template('bad/none.html')", "TemplateNotFound"),
    "view: template raises": view("return page('bad/raises.html')", "ZeroDivisionError"),
    "view: a macro that calls itself": view("return page('bad/endless.html')", "/bad/page: RecursionError"),
    "view: a template that is in itself": view("return page('bad/itself.html')", "/bad/page: RecursionError"),
    "view: returns nothing": view("return None", "/bad/page: TypeError"),
    "view: half a character": view("return '\\ud800'", "/bad/page: UnicodeEncodeError"),
    "view: ends the program": view("sys.exit()", "/bad/page: "),
    "view: unknown icon": view(
        "from flask import render_template_string\nreturn render_template_string('{{ draw_icon(\"megaphone\") }}')",
        "/bad/page: KeyError",
    ),
    # -- what acts on every page
    "wide: before": wide("blueprint.before_app_request(lambda: 'mine')", "before_request_funcs"),
    "wide: before raises": wide("blueprint.before_app_request(fail)", "before_request_funcs"),
    "wide: by a record": wide(
        "blueprint.record(lambda state: state.app.before_request(fail))", "before_request_funcs"
    ),
    "wide: after": wide("blueprint.after_app_request(lambda answer: answer)", "after_request_funcs"),
    "wide: values": wide(
        "blueprint.app_context_processor(lambda: {'library_name': 'x', 'viewer': None})", "template_context_processors"
    ),
    "wide: values raise": wide("blueprint.app_context_processor(fail)", "template_context_processors"),
    "wide: errors": wide("blueprint.app_errorhandler(404)(lambda error: 'mine')", "error_handler_spec"),
    "wide: every error": wide("blueprint.app_errorhandler(Exception)(lambda error: 'mine')", "error_handler_spec"),
    "wide: addresses": wide(
        "blueprint.app_url_defaults(lambda endpoint, values: values.update(mine=1))", "url_default_functions"
    ),
    "wide: addresses come in": wide("blueprint.app_url_value_preprocessor(fail)", "url_value_preprocessors"),
    "wide: names of templates": Wrong("\nblueprint.add_app_template_global('x', 'back')\n", "right"),
    "own: after fails": Wrong(
        "\nblueprint.after_request(fail)\n@blueprint.get('/page')\n@public\ndef own_page():\n    return ''\n",
        "named",
        "after_request_funcs: ZeroDivisionError",
    ),
    "own: after loses the answer": Wrong(
        "\nblueprint.after_app_request(lambda answer: None)\n"
        "@blueprint.get('/page')\n@public\ndef own_page():\n    return ''\n",
        "named",
        "after_request_funcs: an answer is needed",
    ),
    "own: teardown fails": Wrong(
        "\nblueprint.teardown_request(fail)\n@blueprint.get('/page')\n@public\ndef own_page():\n    return ''\n",
        "named",
        "teardown_request_funcs: ZeroDivisionError",
    ),
    "meddling: a name of templates": Wrong("\nblueprint.add_app_template_global(fail, '_')\n", "broken", "_"),
    "meddling: a filter": Wrong("\nblueprint.add_app_template_filter(fail, 'e')\n", "broken", "e"),
    "meddling: settings": meddling("app.config['SECRET_KEY'] = None", "SECRET_KEY"),
    "meddling: server": meddling("app.wsgi_app = fail", "wsgi_app"),
    "meddling: method": meddling("app.full_dispatch_request = fail", "full_dispatch_request"),
    "meddling: json": meddling("app.json.dumps = fail", "dumps"),
    "meddling: session": meddling("app.session_interface = None", "session_interface"),
    "meddling: loader": meddling("app.jinja_env.loader = None", "loader"),
    "meddling: extensions": meddling("app.extensions.clear()", "libhub.plugins"),
    "meddling: converters": meddling("app.url_map.converters['int'] = None", "int"),
    "meddling: teardown": meddling("app.teardown_appcontext(fail)", "teardown_appcontext_funcs"),
    "meddling: another section": meddling("app.before_request_funcs['resources'].append(fail)", "before_request_funcs"),
    "meddling: any address": meddling(
        "app.add_url_rule('/<path:x>', 'bad.any', public(lambda x: 'mine'))", "/<path:x>"
    ),
    "meddling: an address of a view of others": meddling("app.add_url_rule('/other', 'home.index')", "/other"),
    "meddling: gives up": meddling("raise GeneratorExit", "GeneratorExit"),
    "import: before every request": importing("app.before_request(fail)", "before_request_funcs"),
    "import: settings": importing("app.config['SECRET_KEY'] = None", "SECRET_KEY"),
    "import: a page": importing("app.add_url_rule('/no/such/page', 'x', public(lambda: 'mine'))", "/no/such/page"),
    "import: a request": importing("app.test_client().get('/')", "_got_first_request"),
    # -- what is all code's of a process, or the application's while it serves
    "process: recursion at import": Wrong("\nsys.setrecursionlimit(10_000)\n", "warned", "sys.setrecursionlimit"),
    "process: recursion in a hook": listing("sys.setrecursionlimit(10_000)", "sys.setrecursionlimit", "warned"),
    "process: recursion in a page": Wrong(
        view("sys.setrecursionlimit(10_000)\nreturn 'x'", "").code, "warned", "/bad/page: "
    ),
    "process: recursion while pages are registered": Wrong(
        "\nblueprint.record(lambda state: sys.setrecursionlimit(10_000))\n", "warned", "sys.setrecursionlimit"
    ),
    "process: locale": listing("import locale\nlocale.setlocale(locale.LC_ALL, 'C.UTF-8')", "locale.setlocale", "warned"),
    "process: another folder": listing("import os\nos.chdir('/')", "os.chdir", "warned"),
    "process: no log": listing("import logging\nlogging.disable()", "logging.disable", "warned"),
    "process: timeout": listing("import socket\nsocket.setdefaulttimeout(0.001)", "socket.setdefaulttimeout", "warned"),
    "serving: a setting in a hook": listing(
        "from flask import current_app\ncurrent_app.config['MAX_CONTENT_LENGTH'] = 1", "MAX_CONTENT_LENGTH"
    ),
    "serving: settings in a page": view(
        "from flask import current_app\ncurrent_app.config.update(SECRET_KEY='x')\nreturn ''", "SECRET_KEY"
    ),
    "serving: settings from a mapping": view(
        "from flask import current_app\ncurrent_app.config.from_mapping(SECRET_KEY='x')\nreturn ''", "SECRET_KEY"
    ),
    "serving: a name of templates": view(
        "from flask import current_app\ncurrent_app.jinja_env.globals['url_for'] = fail\nreturn ''", "url_for"
    ),
    "serving: a new name of templates": listing(
        "from flask import current_app\ncurrent_app.jinja_env.globals.setdefault('x', 1)", ": x"
    ),
    "serving: a filter": view(
        "from flask import current_app\ncurrent_app.jinja_env.filters |= {'e': fail}\nreturn ''", ": e"
    ),
    "serving: no filters": view("from flask import current_app\ncurrent_app.jinja_env.filters.clear()", "clear"),
    # -- what a hook does besides
    "hook: no Exception": listing("class Odd(BaseException):\n    pass\nraise Odd", "nav_items: Odd"),
    "hook: refuses the page": listing("from flask import abort\nabort(404)", "nav_items: NotFound"),
    "hook: clears the session": listing("from flask import session\nsession.clear()\nsession['x'] = fail", "session"),
    "hook: a message": listing("from flask import flash\nflash('mine')", "session"),
    "hook: after the request": listing("from flask import after_this_request\nafter_this_request(fail)", "request"),
    "hook: left writing": listing("globals()['kept'] = writing()\nkept.__enter__()", "writing()"),
    "hook: closes the connection": listing("db.session.connection().close()", "transaction"),
    "hook: another request": Wrong(
        "\n@hookimpl\ndef nav_items():\n    from flask import current_app\n"
        "    current_app.test_request_context('/bad/').push()\n    return []\n",
        "right",
    ),
    "nav: too many": nav("[NavItem('x', '/bad/')] * 100_000", word="at most 1000"),
    "nav: without an end": hook("nav_items()", "while True:\n    yield NavItem('x', '/bad/')", "named", "at most 1000"),
    "nav: a book": nav("[NavItem('x' * 5_000_000, '/bad/')]", word="label: "),
    "nav: address elsewhere": nav("[NavItem('x', '//elsewhere')]", word="url: "),
    "nav: address of two lines": nav("[NavItem('x', '/bad/\\r\\n')]", word="url: "),
    "nav: a text of its own kind": hook(
        "nav_items()",
        "class Odd(str):\n    __str__ = __html__ = __lt__ = __eq__ = __hash__ = fail\n"
        "return [NavItem(Odd('x'), Odd('/bad/'))] * 2",
        "right",
    ),
    # -- life of a section
    "starter raises": hook("starter_content()", "1 / 0", "broken", "ZeroDivisionError"),
    "starter ends the program": hook("starter_content()", "sys.exit()", "broken", "SystemExit"),
    "starter raises half-way": hook(
        "starter_content()",
        "from libhub.plugging.models import SettingValue\n"
        "with writing():\n"
        "    db.session.add(SettingValue(plugin_id='core', name='library_name', value='x'))\n"
        "1 / 0",
        "broken",
        "ZeroDivisionError",
    ),
    "enabled raises": hook("plugin_enabled()", "1 / 0", "refused", "ZeroDivisionError"),
    "enabled ends the program": hook("plugin_enabled()", "sys.exit()", "refused", "SystemExit"),
    "enabled refuses": hook("plugin_enabled()", "raise LibHubError('no room')", "refused", "no room"),
    "migration: raises half-way": migrations(migration(TABLE + "1 / 0"), word="ZeroDivisionError"),
    "migration: the second one raises": migrations(
        migration(TABLE), migration("1 / 0", revision="bad_0002", down="'bad_0001'"), word="ZeroDivisionError"
    ),
    "migration: wrong SQL": migrations(migration(TABLE + "op.execute('ALTER TABLE bad_none ADD x')"), word="bad_none"),
    "migration: ends its transaction": migrations(migration(TABLE + "op.execute('COMMIT')\n1 / 0"), word="transaction"),
    "migration: commits": migrations(migration(TABLE + "op.get_bind().commit()\n1 / 0"), word="transaction"),
    "migration: a block of its own": migrations(
        migration(TABLE + "with op.get_context().autocommit_block():\n    pass\n1 / 0"), word="Error"
    ),
    "migration: a table of the core": migrations(migration("op.drop_table('core_setting')"), word="core_setting"),
    "migration: a table of nobody": migrations(
        migration("op.create_table('thing', sa.Column('id', sa.Integer))"), word="thing"
    ),
    "migration: a table of another section": migrations(
        migration(TABLE + "op.drop_table('resources_tag')"), word="resources_tag"
    ),
    "migration: rows of the core": migrations(migration(TABLE + "op.execute('DELETE FROM core_user')"), word="core_user"),
    "migration: rows of another section": migrations(
        migration(TABLE + "op.execute(\"UPDATE resources_resource SET title = 'x'\")"), word="resources_resource"
    ),
    "migration: a column of another section": migrations(
        migration(TABLE + "op.add_column('resources_resource', sa.Column('bad', sa.Integer))"), word="resources_resource"
    ),
    "migration: a table of the core is renamed": migrations(
        migration(TABLE + "op.rename_table('core_setting', 'bad_setting')"), word="core_setting"
    ),
    "migration: an index on the core": migrations(
        migration(TABLE + "op.create_index('ix_bad', 'core_user', ['name'], unique=True)"), word="core_user"
    ),
    "migration: a trigger on the core": migrations(
        migration(
            TABLE + "op.execute('CREATE TRIGGER bad_x AFTER INSERT ON core_audit BEGIN DELETE FROM core_audit; END')"
        ),
        word="core_audit",
    ),
    "migration: its number is another section's": Wrong(
        "", "right", "", {"migrations/bad_0001.py": migration(TABLE, revision="resources_0001")}
    ),
    "migration: one number twice": migrations(migration(TABLE), migration("pass"), word="bad_0001"),
    "migration: has no number": migrations(migration(TABLE).replace("revision = ", "number = ", 1), word="bad_0001.py"),
    "migration: goes in a circle": migrations(
        migration(TABLE, down="'bad_0002'"), migration("pass", revision="bad_0002", down="'bad_0001'"), word="ycle"
    ),
    "migration: has nothing to do": migrations(
        migration(TABLE).replace("def upgrade", "def upgrades"), word="upgrade"
    ),
    "migration: two heads": migrations(
        migration(TABLE), migration("pass", revision="bad_0002"), word="heads"
    ),
    "migration: follows nothing": migrations(migration(TABLE, down="'bad_0000'"), word="bad_0000"),
    "migration: ends the program": migrations(migration(TABLE + "raise SystemExit"), word="SystemExit"),
    "migration: cannot be read": migrations("def upgrade(:", word="SyntaxError"),
}  # fmt: skip
