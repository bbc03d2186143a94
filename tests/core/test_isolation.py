"""What a section brings is its own: no page, text or address of the hub or of another section is changed by it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from libhub.accounts import accounts
from libhub.accounts.permissions import ADMINISTRATOR, CORE_PERMISSIONS, GUEST, LIBRARIAN, STUDENT
from libhub.app import template_folder
from libhub.base.audit import PROGRAM
from libhub.base.db import db, writing
from libhub.base.i18n import gettext, in_language
from libhub.cli import cli
from libhub.notices.models import Notice
from libhub.plugging.loading import migrations
from libhub.plugging.loading.manifest import RESERVED_IDS
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.switching import switch
from libhub.testing import cookie_name, sign_in
from libhub.web.gate import owner_of

Write = Callable[..., Path]
Hub = Callable[[], Flask]
CORE_PAGES = ("/", "/auth/sign-in", "/search?q=сказки", "/resources/", "/crafts/", "/nowhere")
HOOKS = """
from flask import Blueprint
from libhub.api import *
from libhub.api import gettext as _, ngettext, lazy_gettext, hookimpl
blueprint = Blueprint("{id}", __name__, url_prefix="/{id}", static_folder="static")

@blueprint.get("/")
@public
def index():
    return page("{id}/index.html", said=_("Sign in"), later=lazy_gettext("Sign in"), days=ngettext("%(num)d day", "%(num)d days", 3))

@hookimpl
def register_blueprints():
    return [blueprint]
"""
PAGE = """{% extends "layout.html" %}{% import "macros.html" as ui with context %}
{% block content %}<p id="said">{{ said }}|{{ later }}|{{ days }}|{{ _("Sign in") }}|{{ gettext("Sections") }}|
{{- ngettext("%(num)d day", "%(num)d days", 3) }}|{% trans %}Sign in{% endtrans %}|
{%- trans count=3 %}{{ count }} day{% pluralize %}{{ count }} days{% endtrans %}</p>
{% call ui.empty(_("Sign in"), "bell") %}{% endcall %}{% endblock %}"""


def catalogue(folder: Path, texts: dict[str | tuple[str, str], str | tuple[str, str, str]]) -> None:
    """Write a section's Russian catalogue."""
    catalog = Catalog("ru")
    for text, translated in texts.items():
        catalog.add(text, translated)
    target = folder / "translations" / "ru" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as stream:
        write_mo(stream, catalog)


def section(write: Write, plugin_id: str, **files: str) -> Path:
    """Write a section with one page; more files by name, ``__`` for a slash."""
    more = {name.replace("__", "/"): text for name, text in files.items()}
    pages = {"hooks.py": HOOKS.replace("{id}", plugin_id), f"templates/{plugin_id}/index.html": PAGE}
    return write(plugin_id, {**pages, **more})


def error_of(app: Flask, plugin_id: str) -> str:
    with app.app_context():
        return get_registry().plugins[plugin_id].error or ""


def core_pages(app: Flask) -> list[str]:
    """Return the lines of the hub's pages, without the example that names whichever section is the first, and the states of forms."""
    guest = app.test_client()
    lines = [line for path in CORE_PAGES for line in guest.get(path).text.splitlines()]
    return [line for line in lines if "<kbd>раздел:" not in line and 'name="form_state"' not in line]


# -- templates ----------------------------------------------------------------------------------------


STRAYS = [
    "layout.html",
    "macros.html",
    "resources/index.html",
    "home.html",
    "crafts/card.html",
    "admin/plugins.html",
]


@pytest.mark.parametrize("enabled", [True, False], ids=["on", "off"])
def test_a_template_outside_of_a_sections_own_folder_is_seen_by_nobody(
    hub: Hub, fake_plugin: Write, enabled: bool
) -> None:
    files = {f"templates/{name}": "чужая страница" for name in [*STRAYS, "trial.html"]}
    for first in ("aaa", "zzz"):  # loaded before and after the sections that ship
        fake_plugin(
            first,
            {
                "hooks.py": HOOKS.replace("{id}", first),
                f"templates/{first}/index.html": '{% include ["trial.html", "other/index.html"] ignore missing %}своя',
                **files,
            },
        )
    app = hub()
    if not enabled:
        with app.app_context():
            for first in ("aaa", "zzz"):
                switch(first, enable=False, actor=PROGRAM)
    librarian = sign_in(app, LIBRARIAN)
    for path in (*CORE_PAGES, "/admin/plugins"):
        assert "чужая страница" not in librarian.get(path).text, path
    own = app.test_client().get("/zzz/")
    assert (own.text == "своя") is enabled
    warned = librarian.get("/admin/plugins").text
    assert warned.count("resources/index.html") == 2
    log = (Path(app.instance_path) / "libhub.log").read_text(encoding="utf-8")
    assert "plugin aaa: " in log
    assert "macros.html" in log


def test_a_school_changes_a_page_of_a_section_in_the_instance_and_no_page_of_the_core(
    hub: Hub, fake_plugin: Write, instance: Path
) -> None:
    section(fake_plugin, "demo")
    for name in ("demo/index.html", "layout.html"):
        changed = instance / "templates" / name
        changed.parent.mkdir(parents=True, exist_ok=True)
        changed.write_text("изменено школой: {{ said }}", encoding="utf-8")
    app = hub()
    assert app.test_client().get("/demo/").text.startswith("изменено школой")
    assert "изменено школой" not in app.test_client().get("/").text


def test_no_section_that_ships_is_warned_of(app: Flask) -> None:
    with app.app_context():
        assert not [plugin.warnings for plugin in get_registry().plugins.values() if plugin.warnings]


# -- texts --------------------------------------------------------------------------------------------


def said(app: Flask, plugin_id: str, locale: str = "ru") -> list[str]:
    browser = app.test_client()
    browser.set_cookie(cookie_name(browser, "locale"), locale)
    return browser.get(f"/{plugin_id}/").text.partition('<p id="said">')[2].partition("</p>")[0].split("|")


def test_two_sections_say_one_text_each_in_its_words_and_the_core_in_its_own(
    hub: Hub, fake_plugin: Write, app: Flask
) -> None:
    before = core_pages(app)
    counted = ("%(num)d day", "%(num)d days"), ("%(count)s day", "%(count)s days")
    for plugin_id in ("aaa", "zzz"):
        days = (f"%(num)d {plugin_id}1", f"%(num)d {plugin_id}2", f"%(num)d {plugin_id}5")
        again = tuple(form.replace("(num)d", "(count)s") for form in days)
        catalogue(
            section(fake_plugin, plugin_id),
            {
                "Sign in": f"Впустите {plugin_id}",
                counted[0]: days,
                counted[1]: again,
                "Search": f"Рыть {plugin_id}",
            },
        )
    app = hub()
    for plugin_id in ("aaa", "zzz"):
        own, days = f"Впустите {plugin_id}", f"3 {plugin_id}2"
        assert said(app, plugin_id) == [own, own, days, own, "Разделы", days, own, days]
        assert said(app, plugin_id, "en") == ["Sign in"] * 2 + [
            "3 days",
            "Sign in",
            "Sections",
            "3 days",
            "Sign in",
            "3 days",
        ]
        shown = app.test_client().get(f"/{plugin_id}/").text
        assert f"Рыть {plugin_id}" not in shown, "the layout speaks in the words of the core"
        assert "Войти" in shown
    assert core_pages(app) == before
    with app.test_request_context(), in_language("ru"):
        assert gettext("Sign in") == "Войти"
    with app.app_context():
        switch("aaa", enable=False, actor=PROGRAM)
    assert core_pages(app) == before
    assert said(app, "zzz")[0] == "Впустите zzz"


def test_a_text_is_bound_where_it_was_imported_however_it_is_called(hub: Hub, fake_plugin: Write) -> None:
    more = """
from functools import partial
import libhub.api
TEXTS = [lambda: list(map(_, ["Sign in"]))[0], partial(_, "Sign in"), lambda: libhub.api.gettext("Sign in"),
         lambda: str(lazy_gettext("Sign in")), lambda: str(lazy_ngettext("Sign in", "", 1))]
"""
    folder = section(fake_plugin, "demo", hooks__py="")
    (folder / "hooks.py").write_text(HOOKS.replace("{id}", "demo") + more, encoding="utf-8")
    catalogue(folder, {"Sign in": "Впустите"})
    app = hub()
    with app.test_request_context(), in_language("ru"):
        hooks = get_registry().plugins["demo"].hooks
        assert hooks is not None
        assert [text() for text in hooks.TEXTS[:-1]] == ["Впустите"] * 4


def test_a_notice_of_a_section_is_said_in_its_words(hub: Hub, fake_plugin: Write) -> None:
    for plugin_id in ("aaa", "zzz"):
        catalogue(section(fake_plugin, plugin_id), {"Sign in": f"Впустите {plugin_id}"})
    app = hub()
    pupil = sign_in(app, STUDENT, username="anya")
    with app.app_context():
        user = accounts.find_user("anya")
        for plugin_id in ("aaa", "zzz"):
            hooks: Any = get_registry().plugins[plugin_id].hooks
            hooks.notify([user.id if user else 0], hooks.lazy_gettext("Sign in"), plugin=plugin_id)
    for locale, said in (("ru", ["Впустите zzz", "Впустите aaa"]), ("en", ["Sign in", "Sign in"])):
        pupil.set_cookie(cookie_name(pupil, "locale"), locale)
        assert re.findall(r"/notices/\d+\">(.*?)</a>", pupil.get("/notices/").text) == said


# -- addresses and names ------------------------------------------------------------------------------

PARTS = """
from flask import Blueprint
from libhub.api import *
from libhub.api import hookimpl
first = Blueprint("demo", __name__, url_prefix="/demo")
second = Blueprint("demo", __name__, url_prefix="/demo/more", static_folder="static")
third = Blueprint("demo_third", __name__, url_prefix="/demo/third", static_folder="static")
inner = Blueprint("inner", __name__, url_prefix="/inner")

@first.get("/")
@public
def index():
    return f"{url_for('demo.index')} {url_for('.there')} {url_for('demo_third.index')} {url_for('demo_third.inner.index')}"

@second.get("/")
@public
def there():
    return url_for(".index")

@third.get("/", endpoint="index")
@signed_in
def third_index():
    return url_for(".index")

@inner.get("/", endpoint="index")
@public
def inner_index():
    1 / 0

third.register_blueprint(inner)

from flask import url_for

@hookimpl
def register_blueprints():
    return [first, second, third]
"""


def status(browser: FlaskClient, path: str) -> int:
    with browser.get(path) as answer:  # closes the file that a static answer streams
        return answer.status_code


ADDRESSES = {
    "/demo/": 200,
    "/demo/more/": 200,
    "/demo/third/": 302,
    "/demo/third/inner/": 500,
    "/demo/more/static/a.css": 200,
    "/demo/third/static/a.css": 200,
}


def test_a_section_may_have_several_blueprints_and_all_of_them_are_closed_with_it(
    hub: Hub, fake_plugin: Write
) -> None:
    fake_plugin("demo", {"hooks.py": PARTS, "static/a.css": "p {}"})
    app = hub()
    assert error_of(app, "demo") == ""
    guest = app.test_client()
    assert guest.get("/demo/").text == "/demo/ /demo/more/ /demo/third/ /demo/third/inner/"
    assert guest.get("/demo/more/").text == "/demo/"
    for _ in range(2):
        assert {path: status(guest, path) for path in ADDRESSES} == ADDRESSES
        with app.app_context():
            switch("demo", enable=False, actor=PROGRAM)
        assert {status(guest, path) for path in ADDRESSES} == {404}
        with app.app_context():
            switch("demo", enable=True, actor=PROGRAM)
    assert "ZeroDivisionError" in sign_in(app, LIBRARIAN).get("/admin/plugins").text


def with_blueprint(
    made: str, view: str = "@blueprint.get('/')\n@public\ndef index():\n    return 'x'"
) -> str:
    return (
        "from flask import Blueprint\nfrom libhub.api import *\nfrom libhub.api import hookimpl\n"
        f"blueprint = {made}\n{view}\n@hookimpl\ndef register_blueprints():\n    return [blueprint]\n"
    )


OWN = "Blueprint('file', __name__, url_prefix='/file')"
REFUSED = {
    "the name of another section": ("Blueprint('resources', __name__, url_prefix='/file')", "resources"),
    "a name of the core": ("Blueprint('file_editing', __name__, url_prefix='/file')", "file_editing"),
    "a name that only looks alike": ("Blueprint('filed', __name__, url_prefix='/file')", "filed"),
    "the address of another section": ("Blueprint('file', __name__, url_prefix='/resources')", "/file"),
    "an address that only looks alike": ("Blueprint('file', __name__, url_prefix='/files')", "/file"),
    "no address": ("Blueprint('file', __name__)", "/file"),
}
REFUSED_VIEWS = {
    "a view that declares nothing": ("@blueprint.get('/')\ndef index():\n    return 'x'", "file.index"),
    "a view named static": ("@blueprint.get('/secret')\ndef static():\n    return 'x'", "file.static"),
    "a page elsewhere": (
        "@public\ndef index():\n    return 'чужая страница'\n"
        "blueprint.record(lambda state: state.app.add_url_rule('/elsewhere', 'elsewhere', index))",
        "/elsewhere",
    ),
    "a page of another": (
        "@public\ndef index():\n    return 'чужая страница'\n"
        "blueprint.record(lambda state: state.app.view_functions.update({'resources.index': index}))",
        "resources.index",
    ),
    "a filter of the core": (
        "blueprint.add_app_template_filter(lambda *_a, **_k: 'чужая страница', 'datetimeformat')",
        "datetimeformat",
    ),
    "a word of the templates": (
        "blueprint.add_app_template_global(lambda *_a, **_k: 'чужая страница', 'url_for')",
        "url_for",
    ),
}


@pytest.mark.parametrize(
    ("hooks", "named"),
    [(with_blueprint(made), named) for made, named in REFUSED.values()]
    + [(with_blueprint(OWN, view), named) for view, named in REFUSED_VIEWS.values()],
    ids=[*REFUSED, *REFUSED_VIEWS],
)
def test_a_section_that_takes_what_is_anothers_is_left_out_by_name(
    hub: Hub, fake_plugin: Write, app: Flask, hooks: str, named: str
) -> None:
    before = core_pages(app)
    fake_plugin("file", {"hooks.py": hooks})
    made = hub()
    assert named in error_of(made, "file")
    assert core_pages(made) == before
    for path in ("/file/", "/file/secret", "/elsewhere"):
        assert made.test_client().get(path).status_code == 404
    assert named in sign_in(made, LIBRARIAN).get("/admin/plugins").text


def test_every_name_that_the_core_uses_is_no_sections(app: Flask) -> None:
    with app.app_context():
        first = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if not owner_of(rule.endpoint)}
        blueprints = app.blueprints.keys() - get_registry().plugins.keys()
        folders = {
            path.name for path in template_folder().iterdir() if path.is_dir()
        } - get_registry().plugins.keys()
    used = {name for name in first | blueprints | folders | cli.commands.keys() if name.isidentifier()}
    assert used <= RESERVED_IDS
    assert RESERVED_IDS - used == {"core"}


@pytest.mark.parametrize(
    "permission", [each.name for each in CORE_PERMISSIONS if each.name.partition(".")[0] not in RESERVED_IDS]
)
def test_no_section_gives_a_right_of_the_core_to_others(
    hub: Hub, fake_plugin: Write, permission: str
) -> None:
    hooks = (
        "from libhub.api import *\nfrom libhub.api import hookimpl\n@hookimpl\ndef register_permissions():\n"
        f"    return [Permission('{permission}', 'x', frozenset({{GUEST}}))]\n"
    )
    plugin_id = permission.partition(".")[0]
    fake_plugin(plugin_id, {"hooks.py": hooks})
    app = hub()
    assert permission in error_of(app, plugin_id)
    with app.app_context():
        assert permission not in get_registry().permissions_of(GUEST)


# -- tables -------------------------------------------------------------------------------------------

MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from libhub.api import *

class Item(Audited, db.Model):
    __tablename__ = "{id}_item"
    __audit_label__ = "вещь"
    __audit_title__ = "id"
    id: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[list["Notice"]] = relationship(back_populates="item")

class Notice(db.Model):
    __tablename__ = "{id}_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("{id}_item.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id"))
    item: Mapped[Item] = relationship("Item", back_populates="parts")
    user = relationship("User")
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "{id}_0001", None, None, None

def upgrade():
    op.create_table("{id}_item", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("{id}_notice", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("{id}_item.id")), sa.Column("user_id", sa.Integer, sa.ForeignKey("core_user.id")))

def downgrade():
    pass
"""


def test_two_sections_have_classes_of_one_name_and_each_means_its_own(hub: Hub, fake_plugin: Write) -> None:
    for plugin_id in ("aaa", "zzz"):
        files = {
            "hooks.py": f"from plugins.{plugin_id} import models",
            "models.py": MODELS.replace("{id}", plugin_id),
            "migrations/first.py": MIGRATION.replace("{id}", plugin_id),
        }
        fake_plugin(plugin_id, files)
    app = hub()
    with app.app_context():
        hooks = [get_registry().plugins[plugin_id].hooks for plugin_id in ("aaa", "zzz")]
        for each in hooks:
            models: Any = each.models  # type: ignore[union-attr]
            with writing():
                db.session.add(models.Item(parts=[models.Notice()]))
            part = db.session.scalars(select(models.Notice)).one()
            assert type(part.item) is models.Item
            assert part.user is None
        assert db.session.scalars(select(Notice)).all() == []
    audit = sign_in(app, ADMINISTRATOR).get("/admin/audit/").text
    assert "вещь (aaa)" in audit
    assert "вещь (zzz)" in audit


WRONG_MODELS = {
    "a table of another": ('class Item(db.Model):\n    __tablename__ = "resources_resource"\n    id: Mapped[int] = mapped_column(primary_key=True)', "resources_resource"),
    "a table of another, extended": ('class Item(db.Model):\n    __tablename__ = "core_user"\n    __table_args__ = {"extend_existing": True}\n    id: Mapped[int] = mapped_column(primary_key=True)\n    more: Mapped[str]', "core_user"),
    "the very table of another": ('class Item(db.Model):\n    __table__ = db.metadata.tables["core_user"]', "core_user"),
    "a table without the prefix": ('class Item(db.Model):\n    __tablename__ = "item"\n    id: Mapped[int] = mapped_column(primary_key=True)', "item"),
    "a table without a class": ('from sqlalchemy import Column, Integer\nitem = db.Table("resources_link_item", Column("id", Integer, primary_key=True))', "resources_link_item"),
    "a reference that leads nowhere": ('class Item(db.Model):\n    __tablename__ = "bad_item"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    other = relationship("Nobody")', "Nobody"),
    "a class of another section": ('class Item(db.Model):\n    __tablename__ = "bad_item"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    other = relationship("Resource")', "Resource"),
}  # fmt: skip


@pytest.mark.parametrize(("models", "named"), WRONG_MODELS.values(), ids=WRONG_MODELS)
def test_a_section_with_wrong_tables_is_left_out_and_no_other_notices(
    hub: Hub, fake_plugin: Write, app: Flask, models: str, named: str
) -> None:
    before, tables = core_pages(app), dict(db.metadata.tables)
    columns = {name: list(table.columns) for name, table in tables.items()}
    files = {
        "hooks.py": "from plugins.bad import models",
        "models.py": MODELS.partition("class")[0] + models,
    }
    fake_plugin("bad", files)
    for _ in range(2):  # the second hub of a process finds it as the first did
        made = hub()
        assert named in error_of(made, "bad")
        assert core_pages(made) == before
        assert sign_in(made, ADMINISTRATOR).get("/admin/audit/").status_code == 200
    assert dict(db.metadata.tables) == tables
    assert {name: list(table.columns) for name, table in tables.items()} == columns


# -- a section whose id begins with that of another ----------------------------------------------------

DROPS = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "file_0002", "{id}_0001", None, None

def upgrade():
    op.drop_table("{id}_more_item")
"""


def with_tables(plugin_id: str) -> dict[str, str]:
    return {
        "hooks.py": with_blueprint(f"Blueprint({plugin_id!r}, __name__, url_prefix='/{plugin_id}')")
        + f"from plugins.{plugin_id} import models",
        "models.py": MODELS.replace("{id}", plugin_id),
        "migrations/first.py": MIGRATION.replace("{id}", plugin_id),
    }


def test_a_migration_does_not_touch_the_tables_of_a_section_with_a_longer_id(
    hub: Hub, fake_plugin: Write
) -> None:
    fake_plugin("file_more", with_tables("file_more"))
    drops = {"migrations/second.py": DROPS.replace("{id}", "file")}
    fake_plugin("file", {**with_tables("file"), **drops}, requires=("file_more",))
    app = hub()
    assert "file_more_item" in error_of(app, "file")
    assert not error_of(app, "file_more")
    with app.app_context():
        assert "file_more_item" in inspect(db.engine).get_table_names()
        branches = {each.id: each for each in migrations.branches(get_registry())}
        assert branches["file_more"].owns("file_more_item")
        assert not branches["core"].owns("file_more_item")
    assert app.test_client().get("/file_more/").status_code == 200


@pytest.mark.parametrize("first", ["file", "file_more"])
def test_of_two_sections_with_one_name_for_a_table_the_second_is_left_out(
    hub: Hub, fake_plugin: Write, first: str
) -> None:
    table = 'class More(db.Model):\n    __tablename__ = "file_more_item"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    files = with_tables("file")
    files["models.py"] += table
    files["migrations/first.py"] = files["migrations/first.py"].replace(
        "\ndef downgrade",
        '    op.create_table("file_more_item", sa.Column("id", sa.Integer, primary_key=True))\n\ndef downgrade',
    )
    fake_plugin("file", files, requires=("file_more",) if first == "file_more" else ())
    fake_plugin("file_more", with_tables("file_more"))
    app = hub()
    second = {"file": "file_more", "file_more": "file"}[first]
    assert not error_of(app, first)
    assert "file_more_" in error_of(app, second)
    assert app.test_client().get(f"/{first}/").status_code == 200
    assert app.test_client().get(f"/{second}/").status_code == 404


def test_a_section_whose_name_begins_the_tables_of_the_core_is_left_out(hub: Hub, fake_plugin: Write) -> None:
    fake_plugin(
        "core_user", {"hooks.py": with_blueprint("Blueprint('core_user', __name__, url_prefix='/core_user')")}
    )
    fake_plugin("alembic", {"hooks.py": ""})
    app = hub()
    assert "core_user_" in error_of(app, "core_user")
    assert "alembic" in error_of(app, "alembic")


# -- what sections give to templates -------------------------------------------------------------------

GIVING = """
from flask import Blueprint, render_template_string
from libhub.api import *
from libhub.api import gettext as _, hookimpl
blueprint = Blueprint("{id}", __name__, url_prefix="/{id}", template_folder="templates")
blueprint.add_app_template_filter(lambda text: f"{text}-{id}", "shout")
blueprint.add_app_template_test(lambda text: text == "{id}", "mine")
blueprint.add_app_template_global(lambda: "{id}", "whose")

@blueprint.get("/")
@public
def index():
    return page("{id}/index.html", ids=["aaa", "zzz"])

@blueprint.get("/text")
@public
def text():
    return render_template_string(TEXT, ids=["aaa", "zzz"])

@hookimpl
def register_blueprints():
    return [blueprint]

TEXT = '''<text>'''
"""
USED = (
    "{{ 'x' | shout | upper }} {{ ['x'] | map('shout') | join }} {% filter shout %}y{% endfilter %} {{ whose() }} "
    "{{ ids | select('mine') | join }} {{ ids | reject('mine') | join }} {{ 'aaa' is mine }} {{ 'aaa' is not mine }} "
    "{{ _('Sign in') }} {{ _('Sections') }}"
)


def test_two_sections_give_one_name_to_templates_and_each_has_its_own(hub: Hub, fake_plugin: Write) -> None:
    """Also where a template is a text in the code, and where a name is said as a text."""
    for plugin_id in ("aaa", "zzz"):
        hooks = GIVING.replace("{id}", plugin_id).replace("<text>", USED.replace("'", "\\'"))
        folder = fake_plugin(plugin_id, {"hooks.py": hooks, f"templates/{plugin_id}/index.html": USED})
        catalogue(folder, {"Sign in": f"Впустите {plugin_id}"})
    app = hub()
    for plugin_id, other in (("aaa", "zzz"), ("zzz", "aaa")):
        shown = (
            f"X-{plugin_id.upper()} x-{plugin_id} y-{plugin_id} {plugin_id} {plugin_id} {other} "
            f"{plugin_id == 'aaa'} {plugin_id != 'aaa'} Впустите {plugin_id} Разделы"
        )
        assert not error_of(app, plugin_id)
        assert app.test_client().get(f"/{plugin_id}/").text == shown
        assert app.test_client().get(f"/{plugin_id}/text").text == shown
    assert not {"shout", "mine", "whose"} & {
        *app.jinja_env.filters,
        *app.jinja_env.tests,
        *app.jinja_env.globals,
    }
