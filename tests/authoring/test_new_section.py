"""The way of an author: a new section, its pages, its migrations and texts, and what the check says of mistakes."""

import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from libhub.authoring.scaffold import ID, NAME, make_section
from libhub.base.errors import LibHubError
from libhub.testing import run_libhub, serving
from libhub.testing.contract import section as _section

CONTRACT = Path(_section.__file__).parent
TESTS = Path(__file__).parents[1]
LEAST_TESTS = 45
PO_FILE = "translations/ru/LC_MESSAGES/messages.po"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path}: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def failed(output: str) -> set[str]:
    """Return the names of the tests that failed, without their parameters."""
    return set(re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", output, re.MULTILINE))


@pytest.fixture
def made(instance: Path) -> Path:
    """A new section among those of the school."""
    done = run_libhub(instance, "plugins", "new", "book_club")
    assert done.returncode == 0, done.stderr
    return instance / "plugins" / "book_club"


@pytest.mark.slow
def test_a_new_section_passes_every_check(instance: Path, made: Path) -> None:
    done = run_libhub(instance, "plugins", "check", str(made))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= LEAST_TESTS
    assert "test_book_club.py" in done.stdout


def test_its_pages_answer(instance: Path, made: Path) -> None:
    with serving(instance, workers=1) as hub:
        for path, said in [
            ("/", "Раздел «Book club»"),
            ("/book_club/", "1 заметка"),
            ("/book_club/1", "Измените её или напишите другую."),
            ("/search?q=%D0%B7%D0%B0%D0%BC%D0%B5%D1%82%D0%BA%D0%B0", 'href="/book_club/1"'),
        ]:
            with urlopen(f"{hub.url}{path}") as answer:
                assert said in answer.read().decode(), path
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{hub.url}/book_club/2")


def test_no_word_of_the_scaffold_is_left(tmp_path: Path) -> None:
    folder = make_section("book_club", tmp_path / "somewhere" / "else")
    for path in folder.rglob("*"):
        assert ID not in path.as_posix()
        if path.is_file():
            assert ID not in path.read_text(encoding="utf-8").lower()
    assert NAME.lower() == ID


@pytest.mark.parametrize(
    "plugin_id", ["", "x", "Book", "книги", "book-club", "1book", "../book", "core", "class", ID]
)
def test_an_id_that_will_not_do_makes_nothing(tmp_path: Path, plugin_id: str) -> None:
    with pytest.raises(LibHubError, match="идентификатор"):
        make_section(plugin_id, tmp_path / "plugins")
    assert not list(tmp_path.rglob("*"))


def test_a_section_that_is_there_is_left_alone(instance: Path, made: Path) -> None:
    (made / "rules.py").write_text("mine", encoding="utf-8")
    for arguments in (["book_club"], ["book_club", "--in", str(made.parent)], ["resources"]):
        done = run_libhub(instance, "plugins", "new", *arguments)
        assert done.returncode == 1
        assert "уже есть" in done.stderr
    with pytest.raises(LibHubError, match="уже есть"):
        make_section("book_club", made.parent)
    assert (made / "rules.py").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_a_changed_model_becomes_a_migration_and_a_new_text_a_translation(instance: Path, made: Path) -> None:
    def says(*arguments: str) -> str:
        done = run_libhub(instance, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "Ничего не изменилось" in says("makemigration", "book_club", "nothing")
    change(
        made / "models.py",
        "    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)\n",
        "    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)\n"
        "    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)\n",
    )
    said = says("makemigration", "book_club", 'When it "expires"')
    (written,) = (made / "migrations").glob("book_club_0002_*.py")
    assert written.name == "book_club_0002_when_it_expires.py"
    assert str(written) in said
    code = written.read_text(encoding="utf-8")
    assert "sa.Column('expires_at', sa.DateTime(), nullable=True)" in code
    assert set(re.findall(r"(?:create|drop|alter)_table\('(\w+)'", code)) == {"book_club_note"}
    assert "Ничего не изменилось" in says("makemigration", "book_club", "nothing")
    assert "book_club" in says("upgrade")

    change(made / "pages.py", '"“%(title)s” is here again."', '"“%(title)s” came back."')
    assert "“%(title)s” came back." in says("texts", str(made))
    change(
        made / PO_FILE,
        'msgid "“%(title)s” came back."\nmsgstr ""',
        'msgid "“%(title)s” came back."\nmsgstr "«%(title)s» вернулась."',
    )
    assert "Все тексты переведены." in says("texts", str(made))
    says("plugins", "check", str(made), "--", "-k", "tables or texts")


@pytest.mark.slow
def test_the_check_names_every_mistake(instance: Path, made: Path) -> None:
    change(
        made / "pages.py",
        '@blueprint.get("/")',
        'from libhub.base.db import Base  # noqa\n\n\n@blueprint.get("/")',
    )
    change(made / "migrations/book_club_0001_first_tables.py", "length=200", "length=20")
    change(made / PO_FILE, 'msgstr "Управление заметками"', 'msgstr ""')
    change(made / "templates/book_club/show.html", "<article", '<article style="color: red"')
    change(made / "templates/book_club/index.html", "</header>", '<form method="post"></form></header>')
    (made / "templates/book_club/edit.html").write_text(
        '{% extends "kit/edit.html" %}{% block fields %}<label>{{ form.title.label.text }} {{ form.title }}</label>'
        "{% for each in form.title.errors %}<small class='error'>{{ each }}</small>{% endfor %}{% endblock %}",
        encoding="utf-8",
    )
    change(made / "pages.py", 'is here again.")', 'is here again."), template="book_club/edit.html"')
    change(
        made / "templates/book_club/index.html", "{{ note.title }}", "{{ note.title }}{{ entry_of(note) }}"
    )
    change(made / "hooks.py", 'url_for("book_club.index"))', 'url_for("book_club.index"), icon="no such")')
    (made / "templates/book_club/feed.xml").write_text('<feed>{{ _("Untold") }}</feed>', encoding="utf-8")
    change(made / "tests/examples.py", '"book_club.show"', '"book_club.add"')
    done = run_libhub(instance, "plugins", "check", str(made), "--", "--tb=short")
    assert done.returncode == 1
    assert failed(done.stdout) >= {
        "test_only_the_api_is_imported",
        "test_migrations_make_the_schema_of_the_models",
        "test_every_text_of_the_sources_is_translated",
        "test_no_inline_script_or_style",
        "test_every_form_that_changes_something_has_a_token",
        "test_each_error_is_tied_to_its_field",
        "test_no_page_fails",
        "test_every_route_has_an_example_or_a_reason",
        "test_nothing_of_it_had_to_be_left_out",
    }
    assert "Untold" in done.stdout
    assert "not translated: Manage the notes" in done.stdout
    assert "an error belongs to no field" in done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("plugin.toml", 'api = "1"', 'api = "9"', "9"),
        ("plugin.toml", 'id = "book_club"', 'id = "book"', "book_club"),
        ("hooks.py", "from flask", "import nosuchmodule\nfrom flask", "nosuchmodule"),
        ("pages.py", "@public\ndef index", "def index", "index"),
    ],
)
def test_a_section_that_does_not_load_is_told_in_one_sentence(
    instance: Path, made: Path, file: str, old: str, new: str, said: str
) -> None:
    change(made / file, old, new)
    done = run_libhub(instance, "plugins", "check", str(made))
    assert done.returncode == 1
    told = [line for line in (done.stdout + done.stderr).splitlines() if said in line]
    assert len(told) == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_every_part_of_the_contract_runs_over_the_sections_that_ship() -> None:
    parts = {path.stem for path in CONTRACT.glob("[!_]*.py")} - {"section"}
    run = {
        part
        for folder in ("contract", "gates", "core")
        for path in (TESTS / folder).glob("test_*.py")
        for part in re.findall(
            r"^from libhub\.testing\.contract\.(\w+) import \*",
            path.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    }
    assert parts
    assert run == parts
