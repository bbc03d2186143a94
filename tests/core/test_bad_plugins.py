"""Plugins that misbehave: each is shown and kept in its place, and the hub goes on."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, STUDENT
from libhub.base.audit import PROGRAM
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.installation import indexer
from libhub.plugging import calls, state
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import SettingValue
from libhub.plugging.switching import switch
from libhub.search.documents import ItemRef
from libhub.search.store.outbox import touch
from libhub.testing import index_now, make_app, sign_in, viewer_with

HEAD = "from libhub.api import *\nfrom libhub.api import hookimpl\n"
Write = Callable[..., Path]
Hub = Callable[[], Flask]

SECTION = (
    HEAD
    + """
from flask import Blueprint
blueprint = Blueprint("{id}", __name__, url_prefix="/{id}")

@blueprint.get("/")
@public
def index():
    return "страница раздела {id}"

@hookimpl
def register_blueprints():
    return [blueprint]

@hookimpl
def nav_items():
    return [NavItem("пункт {id}", "/{id}/")]
"""
)


def section(plugin_id: str, more: str = "") -> dict[str, str]:
    """Return the files of a small section that works; ``more`` is added to its hooks."""
    return {"hooks.py": SECTION.replace("{id}", plugin_id) + more}


def error_of(app: Flask, plugin_id: str) -> str | None:
    with app.app_context():
        return get_registry().plugins[plugin_id].error


def works(app: Flask) -> bool:
    """Say whether the hub serves its pages and finds things."""
    guest = app.test_client()
    return (
        guest.get("/").status_code == 200
        and guest.get("/resources/").status_code == 200
        and guest.get("/search.json?q=сказки").json["total"] > 0
    )


@pytest.mark.parametrize(
    ("manifest", "named"),
    [
        ("", "id"),
        ('id = "bad"\nname = ', "plugin.toml"),
        (
            'id = "other"\nversion = "1"\napi = "1"\n[name]\nru="a"\nen="a"\n[description]\nru="a"\nen="a"',
            "other",
        ),
        ('id = "bad"\nversion = "1"\napi = "9"\n[name]\nru="a"\nen="a"\n[description]\nru="a"\nen="a"', "9"),
        ('id = "bad"\nversion = "1"\napi = "1"\n[name]\nru="a"\n[description]\nru="a"\nen="a"', "name.en"),
        (
            'id = "bad"\nversion = "1"\napi = "1"\ncolour = 1\n[name]\nru="a"\nen="a"\n[description]\nru="a"\nen="a"',
            "colour",
        ),
        (
            'id = "bad"\nversion = "1"\napi = "1"\nrequires = ["nosuch"]\n'
            '[name]\nru="a"\nen="a"\n[description]\nru="a"\nen="a"',
            "nosuch",
        ),
    ],
)
def test_a_broken_manifest_is_shown_and_not_imported(
    hub: Hub, fake_plugin: Write, manifest: str, named: str
) -> None:
    fake_plugin("bad", {"plugin.toml": manifest, "hooks.py": "raise SystemExit('imported')"})
    app = hub()
    assert named in (error_of(app, "bad") or "")
    assert works(app)
    assert named in sign_in(app, LIBRARIAN).get("/admin/plugins").text


RIGHT = (
    'id = "bad"\nversion = "1"\napi = "1"\n[name]\nru = "а"\nen = "a"\n[description]\nru = "а"\nen = "a"\n'
)
ODD = {
    "of the next interface": (RIGHT.replace('api = "1"', 'api = "2"'), "2"),
    "an interface in words": (RIGHT.replace('api = "1"', 'api = "one"'), "api"),
    "an interface that is a number": (RIGHT.replace('api = "1"', "api = 1"), "api"),
    "a number for a version": (RIGHT.replace('version = "1"', "version = 1.0"), "version"),
    "no version": (RIGHT.replace('version = "1"', 'version = ""'), "version"),
    "a version of two lines": (RIGHT.replace('version = "1"', 'version = "1\\n2"'), "version"),
    "a version as long as a book": (RIGHT.replace('version = "1"', f'version = "{"1" * 1000}"'), "version"),
    "a name as long as a book": (RIGHT.replace('ru = "а"', f'ru = "{"а" * 10_000}"', 1), "name.ru"),
    "an empty name": (RIGHT.replace('ru = "а"', 'ru = " "', 1), "name.ru"),
    "a name of two lines": (RIGHT.replace('ru = "а"', 'ru = "а\\u0000б"', 1), "name.ru"),
    "a name that is a list": (RIGHT.replace('ru = "а"', "ru = [1]", 1), "name.ru"),
    "upper case": (RIGHT.replace('"bad"', '"Bad"'), "id"),
    "an id that is a list": (RIGHT.replace('"bad"', '["bad"]'), "id"),
    "itself": (RIGHT.replace("[name]", 'requires = ["bad"]\n[name]', 1), "bad"),
    "what it needs in one word": (RIGHT.replace("[name]", 'requires = "bad"\n[name]', 1), "requires"),
    "on or off in words": (
        RIGHT.replace("[name]", 'default_enabled = "perhaps"\n[name]', 1),
        "default_enabled",
    ),
    "no scene": (RIGHT.replace("[name]", 'covers = ["nowhere"]\n[name]', 1), "covers"),
    "an address for a package": (RIGHT.replace("[name]", 'python = ["x @ http://x"]\n[name]', 1), "python"),
    "lists in lists": (f"x = {'[' * 20_000}{']' * 20_000}", "plugin.toml"),
    "a number without an end": (f"x = {'9' * 10_000}", "plugin.toml"),
    "huge": (RIGHT + "# " + "x" * 10_000_000, "plugin.toml"),
    "half a character": (RIGHT.replace("bad", "\\ud800"), "plugin.toml"),
}


@pytest.mark.parametrize(("manifest", "named"), ODD.values(), ids=ODD)
def test_an_odd_manifest_is_told_of_and_harms_nobody(
    hub: Hub, fake_plugin: Write, manifest: str, named: str
) -> None:
    fake_plugin("bad", {"plugin.toml": manifest, "hooks.py": "raise SystemExit('imported')"})
    app = hub()
    error = error_of(app, "bad") or ""
    assert named in error
    assert "imported" not in error
    assert len(error) < 2000
    assert app.test_client().get("/").status_code == 200
    assert sign_in(app, LIBRARIAN).get("/admin/plugins").status_code == 200


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16"])
def test_a_manifest_in_another_encoding_is_told_of(hub: Hub, fake_plugin: Write, encoding: str) -> None:
    folder = fake_plugin("bad", {"hooks.py": ""})
    (folder / "plugin.toml").write_text(RIGHT, encoding=encoding)
    app = hub()
    assert "plugin.toml" in (error_of(app, "bad") or "")
    assert works(app)


def test_a_manifest_may_begin_with_the_mark_of_utf_8(hub: Hub, fake_plugin: Write) -> None:
    folder = fake_plugin("bad", section("bad"))
    (folder / "plugin.toml").write_text(RIGHT, encoding="utf-8-sig")
    assert error_of(hub(), "bad") is None


@pytest.mark.parametrize(
    "plugin_id", ["core", "admin", "search", "Bad", "1bad", "b" * 40, "плохой", "bad-one"]
)
def test_a_folder_whose_name_can_be_no_id_is_told_of(hub: Hub, fake_plugin: Write, plugin_id: str) -> None:
    fake_plugin(plugin_id, {"hooks.py": "raise SystemExit('imported')"})
    app = hub()
    error = error_of(app, plugin_id) or ""
    assert "plugin.toml: id" in error or f"«{plugin_id}» занят ядром" in error
    assert "imported" not in error
    assert works(app)


def test_of_two_plugins_with_one_id_the_first_is_used(hub: Hub, fake_plugin: Write) -> None:
    fake_plugin("resources", {"hooks.py": "raise SystemExit('imported')"})
    app = hub()
    assert works(app)
    with app.app_context():
        errors = [plugin.error for plugin in get_registry().plugins.values() if plugin.error]
    assert len(errors) == 1
    assert "resources" in errors[0]
    page = sign_in(app, LIBRARIAN).get("/admin/plugins")
    assert page.status_code == 200
    assert errors[0].split()[0] in page.text


@pytest.mark.parametrize(
    ("hooks", "named"),
    [
        ("import nosuchmodule", "nosuchmodule"),
        ("def broken(:", "SyntaxError"),
        ("raise RuntimeError('нет')", "нет"),
        (HEAD + "@hookimpl\ndef no_such_hook():\n    pass", "no_such_hook"),
        (HEAD + "@hookimpl\ndef nav_items(colour):\n    pass", "colour"),
        (HEAD + "@hookimpl\ndef register_permissions():\n    return None", "NoneType"),
        (HEAD + "@hookimpl\ndef register_permissions():\n    return [Permission('x', 'x', frozenset())]", "x"),
        (HEAD + "from flask import Blueprint\n@hookimpl\ndef register_blueprints():\n    return [Blueprint('x', __name__)]", "/bad"),
    ]
    + [
        (HEAD + f"@hookimpl\ndef {hook}():\n    raise RuntimeError('не могу')", "не могу")
        for hook in (
            "register_blueprints",
            "register_permissions",
            "register_settings",
            "register_item_types",
            "register_commands",
        )
    ],
)  # fmt: skip
def test_a_plugin_that_fails_while_loading_is_marked(
    hub: Hub, fake_plugin: Write, hooks: str, named: str
) -> None:
    fake_plugin("bad", {"hooks.py": hooks})
    app = hub()
    assert named in (error_of(app, "bad") or "")
    assert works(app)
    librarian = sign_in(app, LIBRARIAN)
    assert librarian.get("/admin/plugins").status_code == 200
    answer = librarian.post("/admin/plugins/bad/on", follow_redirects=True)
    assert answer.status_code == 200
    assert named.replace("'", "&#39;") in answer.text


def test_a_route_that_declares_nothing_breaks_its_plugin(hub: Hub, fake_plugin: Write) -> None:
    hooks = SECTION.replace("{id}", "bad").replace("@public\n", "")
    fake_plugin("bad", {"hooks.py": hooks})
    app = hub()
    assert "bad.index" in (error_of(app, "bad") or "")
    assert app.test_client().get("/bad/").status_code == 404
    assert works(app)


def test_what_needs_a_broken_plugin_is_broken_too(hub: Hub, fake_plugin: Write) -> None:
    fake_plugin("alpha", {"hooks.py": "raise RuntimeError"})
    fake_plugin("beta", section("beta"), requires=("alpha",))
    app = hub()
    assert "alpha" in (error_of(app, "beta") or "")
    assert app.test_client().get("/beta/").status_code == 404
    assert works(app)


def test_plugins_that_need_each_other_are_broken(hub: Hub, fake_plugin: Write) -> None:
    fake_plugin("alpha", section("alpha"), requires=("beta",))
    fake_plugin("beta", section("beta"), requires=("alpha",))
    app = hub()
    assert error_of(app, "alpha")
    assert error_of(app, "beta")
    assert works(app)


@pytest.mark.parametrize(
    "body",
    [
        "raise RuntimeError('пусто')",
        "yield 1\n    raise RuntimeError('пусто')",
    ],
)
@pytest.mark.parametrize("hook", ["nav_items", "home_cards", "health_checks", "slot_fragments"])
def test_blank_leaves_the_page_standing_and_tells_the_librarian(
    hub: Hub, fake_plugin: Write, hook: str, body: str
) -> None:
    fake_plugin("bad", {"hooks.py": HEAD + f"@hookimpl\ndef {hook}():\n    {body}"})
    app = hub()
    guest = app.test_client()
    assert guest.get("/").status_code == 200
    assert guest.get("/search?q=такогонигденет").status_code == 200
    librarian = sign_in(app, LIBRARIAN)
    librarian.get("/admin/plugins")
    text = librarian.get("/admin/plugins").text
    assert f"{hook}: RuntimeError: пусто" in text
    log = (Path(app.instance_path) / "libhub.log").read_text(encoding="utf-8")
    assert f"plugin bad failed in {hook}" in log


def test_a_card_that_cannot_be_drawn_is_left_out(hub: Hub, fake_plugin: Write) -> None:
    hooks = HEAD + "@hookimpl\ndef home_cards():\n    return [HomeCard('Карточка', 'bad/nosuch.html')]"
    fake_plugin("bad", {"hooks.py": hooks})
    app = hub()
    assert works(app)
    assert "nosuch.html" in sign_in(app, LIBRARIAN).get("/admin/plugins").text


@pytest.mark.parametrize("hook", ["viewer_labels", "authenticate"])
def test_deny_counts_as_no(hub: Hub, fake_plugin: Write, hook: str) -> None:
    fake_plugin("bad", {"hooks.py": HEAD + f"@hookimpl\ndef {hook}():\n    raise RuntimeError('молчу')"})
    app = hub()
    assert works(app)
    librarian = sign_in(app, LIBRARIAN)
    assert viewer_with(app, None).labels == {"public", "role:guest"}
    assert f"{hook}: RuntimeError: молчу" in librarian.get("/admin/plugins").text


def test_raise_undoes_the_switch_and_says_why(hub: Hub, fake_plugin: Write) -> None:
    hooks = section("bad", "\n@hookimpl\ndef plugin_enabled():\n    raise RuntimeError('нет места')\n")
    fake_plugin("bad", hooks)
    app = hub()
    with app.app_context():
        switch("bad", enable=False, actor=PROGRAM)
    librarian = sign_in(app, LIBRARIAN)
    answer = librarian.post("/admin/plugins/bad/on", follow_redirects=True)
    assert answer.status_code == 200
    assert "нет места" in answer.text
    assert librarian.get("/bad/").status_code == 404


def test_a_failure_while_switching_off_does_not_keep_it_on(hub: Hub, fake_plugin: Write) -> None:
    hooks = section("bad", "\n@hookimpl\ndef plugin_disabled():\n    raise RuntimeError('не хочу')\n")
    fake_plugin("bad", hooks)
    app = hub()
    librarian = sign_in(app, LIBRARIAN)
    assert librarian.get("/bad/").status_code == 200
    answer = librarian.post("/admin/plugins/bad/off", follow_redirects=True)
    assert answer.status_code == 200
    assert librarian.get("/bad/").status_code == 404
    assert "не хочу" in librarian.get("/admin/plugins").text


def test_starter_content_that_fails_is_loaded_the_next_time(hub: Hub, fake_plugin: Write) -> None:
    hooks = HEAD + "@hookimpl\ndef starter_content():\n    raise RuntimeError('обрыв')"
    fake_plugin("bad", {"hooks.py": hooks})
    app = hub()
    assert "обрыв" in (error_of(app, "bad") or "")
    assert works(app)
    fake_plugin("bad", {"hooks.py": hooks.replace("raise RuntimeError('обрыв')", "pass")})
    sys.modules.pop("plugins.bad.hooks")
    assert error_of(make_app(Path(app.instance_path)), "bad"), "other processes know it, too"
    sys.modules.pop("plugins.bad.hooks")
    assert error_of(hub(), "bad") is None


def test_a_page_that_fails_is_shown_with_its_section(hub: Hub, fake_plugin: Write) -> None:
    hooks = SECTION.replace("{id}", "bad").replace('return "страница', "raise RuntimeError('упал')\n    \"")
    fake_plugin("bad", {"hooks.py": hooks})
    app = hub()
    answer = app.test_client().get("/bad/")
    assert answer.status_code == 500
    assert "упал" not in answer.text
    assert "/bad/: RuntimeError: упал" in sign_in(app, LIBRARIAN).get("/admin/plugins").text
    assert works(app)


def test_a_page_that_fails_half_way_through_a_change_saves_nothing(hub: Hub, fake_plugin: Write) -> None:
    hooks = SECTION.replace("{id}", "bad").replace(
        'return "страница раздела bad"',
        "from libhub.plugging.models import SettingValue\n"
        "    db.session.add(SettingValue(plugin_id='core', name='library_name', value='испорчено'))\n"
        "    raise RuntimeError('упал')",
    )
    fake_plugin("bad", {"hooks.py": hooks})
    app = hub()
    assert app.test_client().get("/bad/").status_code == 500
    assert "испорчено" not in app.test_client().get("/").text
    assert "упал" in sign_in(app, LIBRARIAN).get("/admin/plugins").text


ITEMS = (
    HEAD
    + """
def keys():
    return ["1", "2", "3"]

def documents(keys):
    if "2" in keys:
        raise ValueError("вторая запись испорчена")
    return [Document(ItemRef("bad", "thing", key), f"Вещица {key}", "", frozenset({PUBLIC}), 0) for key in keys]

def summaries(viewer, keys):
    return {key: Summary(f"Вещица {key}", f"/bad/{key}", 0) for key in keys}

@hookimpl
def register_item_types():
    return [ItemType("bad", "thing", "вещи", keys, documents, summaries)]
"""
)


def test_one_bad_item_holds_up_no_other(hub: Hub, fake_plugin: Write) -> None:
    fake_plugin("bad", {"hooks.py": ITEMS})
    app = hub()
    with app.app_context():
        with writing():
            touch(ItemRef("bad", "thing", key) for key in ("1", "2", "3"))
            touch([ItemRef("resources", "resource", "1")])
        index_now(app)
        assert indexer().compare().missing == {"bad/thing/2"}
        assert indexer().compare().waiting == 0
    assert app.test_client().get("/search.json?q=вещица").json["total"] == 2
    assert "вторая запись испорчена" in sign_in(app, LIBRARIAN).get("/admin/plugins").text
    with app.app_context():
        indexer().rebuild(lambda _done, _all: None)
    assert app.test_client().get("/search.json?q=вещица").json["total"] == 2
    assert works(app)


def test_keys_that_fail_leave_the_other_kinds_in_the_index(hub: Hub, fake_plugin: Write) -> None:
    hooks = ITEMS.replace('return ["1", "2", "3"]', "raise ValueError('ключей нет')")
    fake_plugin("bad", {"hooks.py": hooks})
    app = hub()
    with app.app_context():
        indexer().rebuild(lambda _done, _all: None)
        assert not indexer().compare()
    assert works(app)
    assert "ключей нет" in sign_in(app, LIBRARIAN).get("/admin/plugins").text


@pytest.mark.parametrize(
    "bad",
    [
        "frozenset({PUBLIC}), '6'",
        "{1}, 0",
        "'public', 0",
        "frozenset({PUBLIC}), 0, {'tag': 'text'}",
        "None, 0",
    ],
)
def test_a_document_of_wrong_types_is_its_plugins_failure(hub: Hub, fake_plugin: Write, bad: str) -> None:
    fake_plugin("bad", {"hooks.py": ITEMS.replace("frozenset({PUBLIC}), 0", bad).replace('"2" in', '"9" in')})
    app = hub()
    with app.app_context():
        with writing():
            touch([ItemRef("bad", "thing", "1")])
        index_now(app)
        assert not indexer().needs_rebuild()
    assert works(app)
    assert "TypeError" in sign_in(app, LIBRARIAN).get("/admin/plugins").text


def test_summaries_that_fail_lose_only_their_own_hits(hub: Hub, fake_plugin: Write) -> None:
    hooks = ITEMS.replace('"2" in', '"9" in').replace(
        "def summaries(viewer, keys):", "def summaries(viewer, keys):\n    raise ValueError('не скажу')"
    )
    fake_plugin("bad", {"hooks.py": hooks.replace("Вещица", "Сказки")})
    app = hub()
    with app.app_context():
        indexer().rebuild(lambda _done, _all: None)
    found = app.test_client().get("/search.json?q=сказки").json
    sections = {hit["plugin"] for hit in found["results"]}
    assert "resources" in sections
    assert "bad" not in sections
    assert "не скажу" in sign_in(app, LIBRARIAN).get("/admin/plugins").text


def test_a_health_check_that_fails_is_a_red_one(hub: Hub, fake_plugin: Write) -> None:
    hooks = HEAD + (
        "def run():\n    raise RuntimeError('болею')\n"
        "@hookimpl\ndef health_checks():\n    return [HealthCheck('Самочувствие', run)]"
    )
    fake_plugin("bad", {"hooks.py": hooks})
    text = sign_in(hub(), LIBRARIAN).get("/admin/plugins").text
    assert "Самочувствие: RuntimeError: болею" in text


@pytest.fixture
def chain(hub: Hub, fake_plugin: Write) -> Flask:
    """Three sections: ``cellar`` is needed by ``floor``, and that by ``roof``."""
    fake_plugin("cellar", section("cellar"))
    fake_plugin("floor", section("floor"), requires=("cellar",))
    fake_plugin("roof", section("roof"), requires=("floor",))
    return hub()


def on(app: Flask) -> set[str]:
    with app.app_context():
        return set(state.enabled_plugins()) & {"cellar", "floor", "roof"}


def test_a_switch_shows_and_takes_what_goes_with_it(chain: Flask) -> None:
    librarian: FlaskClient = sign_in(chain, LIBRARIAN)
    assert on(chain) == {"cellar", "floor", "roof"}

    def preview(plugin_id: str, position: str) -> set[str]:
        text = librarian.get(f"/admin/plugins/{plugin_id}/{position}").text
        return {name for name in ("cellar", "floor", "roof") if f"<h2>{name}</h2>" in text}

    assert preview("floor", "off") == {"floor", "roof"}
    assert on(chain) == {"cellar", "floor", "roof"}, "a preview switches nothing"
    librarian.post("/admin/plugins/floor/off")
    assert on(chain) == {"cellar"}
    assert librarian.get("/roof/").status_code == 404
    assert "пункт roof" not in librarian.get("/").text
    librarian.post("/admin/plugins/cellar/off")
    assert preview("roof", "on") == {"cellar", "floor", "roof"}
    librarian.post("/admin/plugins/roof/on")
    assert on(chain) == {"cellar", "floor", "roof"}
    assert librarian.get("/roof/").status_code == 200
    assert preview("roof", "on") == set()


def test_repeating_a_switch_changes_nothing(chain: Flask) -> None:
    with chain.app_context():
        assert switch("roof", enable=True, actor=PROGRAM).plugins == ()
        assert len(switch("roof", enable=False, actor=PROGRAM).plugins) == 1
        assert switch("roof", enable=False, actor=PROGRAM).plugins == ()
        with pytest.raises(LibHubError, match="nosuch"):
            switch("nosuch", enable=False, actor=PROGRAM)


def test_the_failing_hook_of_one_plugin_leaves_the_answers_of_others(hub: Hub, fake_plugin: Write) -> None:
    fake_plugin("alpha", {"hooks.py": HEAD + "@hookimpl\ndef nav_items():\n    raise RuntimeError"})
    fake_plugin("beta", section("beta"))
    app = hub()
    with app.test_request_context():
        answers = dict(calls.call("nav_items", viewer=None))
    assert "alpha" not in answers
    assert answers["beta"][0].label == "пункт beta"


ERASING = (
    HEAD
    + """
from libhub.plugging.models import SettingValue
@hookimpl
def erase_personal_data(user_id):
    with writing():
        db.session.add(SettingValue(plugin_id="{id}", name="erased", value=str(user_id)))
        db.session.flush()
    {then}
"""
)


def test_an_erasure_that_fails_half_way_is_undone_and_that_of_the_others_is_done(
    hub: Hub, fake_plugin: Write
) -> None:
    for plugin_id, then in (("aaa", "pass"), ("bad", "1 / 0"), ("zzz", "pass")):
        hooks = ERASING.replace("{id}", plugin_id).replace("{then}", then)
        fake_plugin(plugin_id, {"hooks.py": hooks})
    app = hub()
    sign_in(app, STUDENT, username="anya")
    boss = sign_in(app, ADMINISTRATOR, username="boss")
    with app.app_context():
        anya = accounts.find_user("anya")
        number = anya.id if anya else 0
    answer = boss.post(f"/admin/users/{number}/erase", follow_redirects=True)
    assert answer.status_code == 200
    assert "bad" in answer.text
    assert "ZeroDivisionError" in answer.text
    assert erased(app) == ["aaa", "zzz"]
    with app.app_context():
        assert accounts.find_user("anya")
    assert "erase_personal_data: ZeroDivisionError" in boss.get("/admin/plugins").text


def test_an_erasure_that_a_section_refuses_is_done_by_nobody(hub: Hub, fake_plugin: Write) -> None:
    for plugin_id, then in (("aaa", "pass"), ("bad", "raise LibHubError('книги не сданы')")):
        hooks = ERASING.replace("{id}", plugin_id).replace("{then}", then)
        fake_plugin(plugin_id, {"hooks.py": hooks})
    app = hub()
    sign_in(app, STUDENT, username="anya")
    boss = sign_in(app, ADMINISTRATOR, username="boss")
    with app.app_context():
        anya = accounts.find_user("anya")
        number = anya.id if anya else 0
    answer = boss.post(f"/admin/users/{number}/erase", follow_redirects=True)
    assert "книги не сданы" in answer.text
    assert erased(app) == []


def erased(app: Flask) -> list[str]:
    with app.app_context():
        asked = select(SettingValue.plugin_id).where(SettingValue.name == "erased")
        return sorted(db.session.scalars(asked))


@pytest.mark.parametrize("kind", ["404", "Exception", "SectionIsClosed"])
def test_a_closed_section_does_not_answer_by_its_own_handler_of_errors(
    hub: Hub, fake_plugin: Write, kind: str
) -> None:
    handler = f"@blueprint.{{how}}({kind})\ndef mine(error):\n    return 'мой ответ', 200\n".replace(
        "SectionIsClosed", "ClosedSection"
    )
    both = "".join(handler.replace("{how}", how) for how in ("errorhandler", "app_errorhandler"))
    more = "\nfrom libhub.web.gate import ClosedSection\n" + both.replace("def mine", "def mine", 1)
    fake_plugin("bad", section("bad", more))
    app = hub()
    with app.app_context():
        switch("bad", enable=False, actor=PROGRAM)
    for path in ("/bad/", "/bad/none", "/no/such/page"):
        answer = app.test_client().get(path)
        assert answer.status_code == 404, path
        assert "мой ответ" not in answer.text, path


def test_a_section_that_does_not_hand_over_its_documents_holds_no_start_up(
    hub: Hub, fake_plugin: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, everything else is found, and its things are when it answers."""
    monkeypatch.setattr("libhub.installation.START_SECONDS", 0.5)
    hooks = ITEMS.replace('"2" in', '"9" in').replace(
        "def documents(keys):",
        "import threading\ngo = threading.Event()\ndef documents(keys):\n    go.wait(60)",
    ) + (
        "\n@hookimpl\ndef starter_content():\n"
        "    with writing():\n        touch([ItemRef('bad', 'thing', key) for key in '123'])\n"
    )
    fake_plugin("bad", {"hooks.py": hooks})
    began = time.monotonic()
    app = hub()
    assert time.monotonic() - began < 50
    assert works(app)
    assert "documents" in sign_in(app, LIBRARIAN).get("/admin/plugins").text
    assert app.test_client().get("/search.json?q=вещица").json["total"] == 0
    with app.app_context():
        hooks_module: Any = get_registry().plugins["bad"].hooks
        hooks_module.go.set()
    deadline = time.monotonic() + 20
    while app.test_client().get("/search.json?q=вещица").json["total"] < 3 and time.monotonic() < deadline:
        time.sleep(0.2)
        index_now(app)
    assert app.test_client().get("/search.json?q=вещица").json["total"] == 3
