"""``python -m tools.interface`` writes docs/interface.md: what ``libhub.api`` offers, by subject, with signatures and examples.

The signatures and sentences come from the code; the examples from files that are run by the tests.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from libhub import api

ROOT: Final = Path(__file__).parents[1]
EXAMPLES: Final = ROOT / "examples"
DOCUMENT: Final = ROOT / "docs" / "interface.md"
_HEAD: Final = """# The interface: `libhub.api`

Written by `python -m tools.interface` from the code; the tests hold it against the code and run the examples. How a section is
made of it is told in [writing-a-plugin.md](writing-a-plugin.md), what a section does for the hub in [hooks.md](hooks.md).
"""


@dataclass(frozen=True)
class Subject:
    """Some of the names, and where they are used: ``file`` is run as it stands, ``file:name,name`` is a part of a section."""

    title: str
    about: str
    names: str
    example: str


SUBJECTS: Final = (
    Subject(
        "What readers find",
        "Said once in a model, and kept by queries, pages and search alike.",
        "Addressed Published ForVisibility Expiring ForGrades VISIBILITY VISIBILITY_LABELS AGES GRADES GRADE_LABELS find_row find_visible "
        "visible_or_404 save_row set_archived touch_expired",
        "news/models.py:Post",
    ),
    Subject(
        "Search",
        "What search knows of the things of a section. It asks in bulk, and shows what `summaries` returns, no more.",
        "item_type unsearched_type Searched document_of ItemType ItemRef Document Summary Facet sentences touch update_index facet_counts "
        "word_terms Terms covers",
        "news/rules.py:POST",
    ),
    Subject(
        "What may stand in a field",
        "Declared beside its type, once for forms, imports, files and commands.",
        "Data Invalid Rule OneLine Text Listed OneOf SomeOf Within Must Grade AgeMark AgeMarkOrNone grades_in_order LibHubError tidy one_line parse_number parse_day",
        "interface/data.py",
    ),
    Subject(
        "Forms",
        "Flask-WTF in the reader's language. `fields` makes the fields that sections share. What is typed is kept, and joined with what others change.",
        "Form HandmadeForm QuestionForm fields editor attempt keep_draft find_draft adopt_draft safe_target",
        "news/pages.py:PostForm",
    ),
    Subject(
        "The editor and the librarian's table",
        "Two descriptions give the pages `manage`, `add`, `edit`, `archive`, `restore`, `history` and actions on many.",
        "Managed Editing State Action archive_states age_actions archive_actions add_archiving History deletable",
        "news/pages.py:MANAGED",
    ),
    Subject(
        "What was seen",
        "A form bears a mark of what it shows; what it asks for is done only while that is so.",
        "as_seen mark_of refuse_stale StaleView TYPED_STAYS",
        "interface/seen.py",
    ),
    Subject(
        "Lists",
        "Narrowed down by filters, in an order that the reader chooses, page by page.",
        "Listing Found Filter Sort one_of_column age_filter grade_filter filter_counts paginate page_number list_url sort_key rows_for",
        "interface/lists.py",
    ),
    Subject(
        "Pages",
        "A template of the section inside the layout of the hub; htmx gets the one block that it asks for.",
        "page remembered_page show_slip read_slip wants_fragment cover_url qr_code outside_url outside_links markdown",
        "news/pages.py:index,show",
    ),
    Subject(
        "Rights",
        "Every route says who may use it; everything that decides is given a viewer.",
        "public signed_in requires Permission Viewer current_viewer viewer_for PUBLIC SIGNED_IN STAFF_LABEL role_label user_label limited "
        "GUEST STUDENT PARENT TEACHER LIBRARIAN ADMINISTRATOR AGE_MARKS",
        "interface/rights.py",
    ),
    Subject(
        "People and classes",
        "Accounts as plain values, and classes however somebody writes them.",
        "Person people children_of younger_than SchoolClass parse_class find_class notify hashed Line PersonLine",
        "interface/people.py",
    ),
    Subject(
        "Tables of the database",
        "SQLAlchemy; whoever writes says so first.",
        "db writing read_rows UtcDateTime Audited Actor acting_as",
        "interface/database.py",
    ),
    Subject(
        "Texts in two languages",
        "English in the code, Russian in the catalogue of the section.",
        "gettext ngettext lazy_gettext lazy_ngettext current_locale Label",
        "interface/texts.py",
    ),
    Subject(
        "Days and moments",
        "Moments have a zone; a day is the day of the school.",
        "now today school_zone",
        "interface/moments.py",
    ),
    Subject(
        "What a section does for the hub",
        "What hooks return; [hooks.md](hooks.md) describes each hook.",
        "hookimpl NavItem HomeCard PersonalLines PersonalLine Setting get_setting HealthCheck CalendarEntry calendar_entries ChildLine JobKind KeptData",
        "news/hooks.py:register_settings,nav_items,home_cards",
    ),
    Subject(
        "Files",
        "What is attached to a thing that search knows; [files.md](files.md) tells more.",
        "Attachment receive ReceivedFile attach attachments first_pictures open_file check_upload replace_file rename_file move_files copy_files detach undo_detach "
        "detach_all",
        "interface/files.py",
    ),
    Subject(
        "Tables of spreadsheets",
        "CSV and XLSX, in and out; no cell becomes a formula. `tables` has the columns, the readers and the writers.",
        "tables workbook Cell WORKBOOK_TYPE give_file give_workbook",
        "interface/spreadsheets.py",
    ),
    Subject(
        "Imports",
        "A file is chosen, looked at, and brought in after a yes.",
        "Importer ImportReport ImportProblem ImportLine chosen_columns chosen_lines writing_or_trying in_batches IMPORT_BATCH IMPORT_PAUSE_SECONDS hold_upload held_upload "
        "drop_upload OutsideArchive ArchiveLimits HostileArchive ArchiveFault",
        "interface/imports.py",
    ),
    Subject(
        "Long work",
        "Done behind the scenes, seen on a page, stopped and gone on with.",
        "start_job JobWork JobResult JobStopped progress_bar",
        "interface/jobs.py",
    ),
    Subject(
        "What is remembered and counted",
        "A value holds until something changes that it was read from; numbers that come often are stored together.",
        "remember Tally Waiting add_counts",
        "interface/remembering.py",
    ),
    Subject(
        "Questions, and a folder of one's own",
        "Quizzes for every section that asks something.",
        "quizzes instance_path",
        "interface/questions.py",
    ),
)


def entry(name: str) -> str:
    """Return what a name is: its signature, and the first sentence that the code says of it."""
    value = getattr(api, name)
    return f"- `{signature(name, value)}`: {sentence(name, value)}"


def lines_of(name: str) -> Iterator[str]:
    """Yield what is said of a name, and of what is in it, if it is a module."""
    yield entry(name)
    value = getattr(api, name)
    if name in OPENED:
        yield from (f"  - {line}" for line in members(value))
    if isinstance(value, ModuleType):
        for inner in sorted(getattr(value, "__all__", vars(value)), key=str.lower):
            each = getattr(value, inner)
            own = getattr(each, "__module__", "").startswith(value.__name__)
            if own and not inner.startswith("_") and (inspect.isroutine(each) or inspect.isclass(each)):
                yield f"  - `{name}.{signature(inner, each)}`: {sentence(inner, each)}"


OPENED: Final = frozenset(
    [
        "Addressed",
        "Published",
        "ForVisibility",
        "Expiring",
        "ForGrades",
        "Listing",
        "Found",
        "Attachment",
        "Viewer",
        "Data",
        "Action",
        "ImportReport",
    ]
)
"""Classes of which the members are told, too."""


def members(value: type) -> Iterator[str]:
    """Yield what a class itself brings: its documented attributes, its methods and properties."""
    body = _node(value).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(after, ast.Expr):
            told = ast.literal_eval(after.value)
            kind = _held(node.annotation)
            yield f"`.{ast.unparse(node.target)}: {kind}`: {_first(told)}"
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            told = ast.get_docstring(node) or ""
            decorators = {ast.unparse(each) for each in node.decorator_list}
            is_value = decorators & {"property", "cached_property"}
            returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            call = "" if is_value else f"({_arguments(node)})"
            if "declared_attr" in decorators and node.returns:
                call, returned = "", f": {_held(node.returns)}"
            yield f"`.{node.name}{call}{returned}`: {_first(told)}"


def _held(annotation: ast.expr) -> str:
    """Return what a column, or an attribute of the class, holds."""
    return re.sub(r"^(?:Mapped|ClassVar)\[(.*)\]$", r"\1", ast.unparse(annotation))


def signature(name: str, value: Any) -> str:
    """Return how something is called, as the code says it, or what kind of value it is."""
    if isinstance(value, ModuleType):
        return f"{name}: module"
    if inspect.isclass(value):
        parameters = _fields(value) if is_dataclass(value) else _initial(value)
        return f"{name}({parameters})" if parameters else f"{name}: class"
    if inspect.isroutine(value):
        node = _node(value)
        returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"{name}({_arguments(node)}){returned}"
    if isinstance(value, (str, int, float)):
        return f"{name} = {value!r}"
    return f"{name}: {type(value).__name__}"


def _node(value: Any) -> Any:
    return ast.parse(inspect.cleandoc("\n" + inspect.getsource(value))).body[0]


def _arguments(node: ast.FunctionDef) -> str:
    arguments = node.args
    arguments.args = [each for each in arguments.args if each.arg not in ("self", "cls")]
    return ast.unparse(arguments)


def _initial(value: type) -> str:
    return _arguments(_node(vars(value)["__init__"])) if "__init__" in vars(value) else ""


def _fields(value: type) -> str:
    """Return the fields of a dataclass as its parameters, those of its bases first."""
    told: dict[str, str] = {}
    for each in reversed(value.__mro__):
        if not is_dataclass(each):
            continue
        for node in _node(each).body:
            if isinstance(node, ast.AnnAssign) and "ClassVar" not in ast.unparse(node.annotation):
                told[ast.unparse(node.target)] = _field(node)
    return ("*, " if told and _is_by_name(value) else "") + ", ".join(told.values())


def _field(node: ast.AnnAssign) -> str:
    kind = ast.unparse(node.annotation)
    plain = re.sub(r"^Annotated\[(\w+(?:\[.*?\])?), .*\]$", r"\1", kind)
    given = "" if node.value is None else ast.unparse(node.value)
    given = " = …" if given.startswith(("field(", "lambda")) else f" = {given}" if given else ""
    return f"{ast.unparse(node.target)}: {plain}{given}"


def _is_by_name(value: type) -> bool:
    return all(each.kind is each.KEYWORD_ONLY for each in inspect.signature(value).parameters.values())


def sentence(name: str, value: Any) -> str:
    """Return the first sentence of what the code says of a name.

    :raises LookupError: it says nothing.
    """
    told = inspect.getdoc(value) if inspect.isroutine(value) or inspect.isclass(value) else None
    if isinstance(value, ModuleType):
        told = value.__doc__
    told = _ABOUT.get(name) or told
    if not told:
        raise LookupError(name)
    return _first(told)


def _first(told: str) -> str:
    first = re.split(r"(?<=[.])\s|:\s*$|::", " ".join(told.split("\n\n")[0].split()))[0].rstrip(":.")
    return re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", first).replace("``", "`") + "."


_ABOUT: Final = {
    "AGES": "The age marks as they are shown, by their numbers.",
    "AGE_MARKS": "The age marks that there are, in years.",
    "ADMINISTRATOR": "The role of those who look after the hub.",
    "AgeMark": "An age mark as the type of a field.",
    "AgeMarkOrNone": "An age mark, or none while nobody chose one, as the type of a field.",
    "Cell": "What may stand in a cell of a workbook.",
    "Grade": "A grade of the school, or none, as the type of a field.",
    "GRADES": "The grades of the school.",
    "GRADE_LABELS": "The grades as they are shown, by their numbers.",
    "GUEST": "The role of those who did not sign in.",
    "IMPORT_BATCH": "So many rows are brought in at once.",
    "IMPORT_PAUSE_SECONDS": "So long others can write between two batches.",
    "Label": "A text, or one that is translated where it is read.",
    "LIBRARIAN": "The role of librarians.",
    "PARENT": "The role of parents.",
    "PUBLIC": "The audience label of everybody.",
    "SIGNED_IN": "The audience label of those who signed in.",
    "STAFF_LABEL": "The audience label of the staff.",
    "STUDENT": "The role of pupils.",
    "TEACHER": "The role of teachers.",
    "TYPED_STAYS": "What is told, with `as_seen`, to somebody whose typed text is shown again.",
    "Terms": "The words of a name in whatever form, as `word_terms` finds them.",
    "VISIBILITY": "Who may see a thing: what the choices are called, by their codes.",
    "VISIBILITY_LABELS": "The audience label of each of them.",
    "WORKBOOK_TYPE": "The content type of a workbook.",
    "db": "Flask-SQLAlchemy: the session, and the base of the models.",
    "hookimpl": "Marks a function of `hooks.py` as the hook of its name.",
    "gettext": "Return a text in the reader's language, with values put in.",
    "lazy_gettext": "Return a text that is translated where it is read.",
    "lazy_ngettext": "Return such a text for a number.",
    "ngettext": "Return a text for a number in the reader's language.",
}


MACROS: Final = (
    "macros.html",
    "pictures.html",
    "files.html",
    "quizzes.html",
    "kit/listing.html",
    "kit/managing.html",
)
PAGES: Final = ("kit/manage.html", "kit/table.html", "kit/edit.html", "kit/import.html")
"""Templates that a section extends."""
_MACRO: Final = re.compile(
    r"(?:\{#\s*(?P<about>(?:(?!#\}).)*?)\s*#\}\n)?\{% macro (?P<call>\w+\([^%]*\)) -?%\}", re.DOTALL
)
FILTERS: Final = {
    "dateformat": "A day as people write it; a pattern of Babel may follow.",
    "datetimeformat": "A moment in words; nothing for none.",
    "timeformat": "The time of a day.",
    "numberformat": "A number with the spaces that the language wants.",
    "decimalformat": "A number with decimals.",
    "percentformat": "A part as per cent.",
    "filesize": "A size in words, such as «1,4 МБ».",
    "outside_links": "HTML that was cleaned already, with addresses that a PC of the reading room opens.",
    "with_columns_named": "A table whose cells bear the name of their column; the macro `wide` uses it.",
}
GLOBALS: Final = {
    "url_for": "The address of a page, as Flask has it.",
    "static_url": "The address of a static file of the section, with a mark of its content: `static_url('news.static', 'news.css')`.",
    "crumb": "A step of the way from the home page, for `ui.breadcrumbs`.",
    "list_url": "The address of another page of a list.",
    "mark_of": "A mark of what is shown, where `ui.seen` will not do: in an attribute that a script reads.",
    "cover_url": "The address of a cover that is drawn.",
    "drawing_url": "An SVG file of the static folder of a section as an address.",
    "outside_url": "The address for a link to elsewhere.",
    "file_limits": "What files may be, see the macro `files.manager`.",
    "viewer": "Who is looking, a `Viewer`.",
    "library_name": "What the library is called.",
    "here": "The address of this page.",
    "_": "A text in the reader's language, from the catalogue of the section; `ngettext` for numbers.",
}


CLASSES: Final = {
    "page-head": "the heading of a page, with what can be done beside it",
    "actions": "links and buttons in a row",
    "narrow": "a column that is easy to read",
    "prose": "a text that somebody wrote",
    "count": "how many things a list has",
    "tiles": "a grid of things; in it `kit.tile(…)`, one after the other",
    "chips": "short marks of a thing, a list of `chip`s",
    "links": "a list of links, such as that of a card",
    "card-head": "the heading of a card on the home page",
    "empty": "what stands where there is nothing, see the macro",
    "state": "in which state a thing is; `on`, `bad`",
    "unseen": "for readers of screens alone",
    "filter": "a form in one row",
}
"""What the stylesheet of all pages has for sections; ``/styleguide`` shows it."""
ONLY_FOR_THE_LAYOUT: Final = frozenset(
    {"stylesheet_url", "script_url", "draw_icon", "vision_panel", "text_of", "counted_text_of", "section_ids"}
)
"""Functions that no page of a section needs: the layout and the macros use them."""


def templates() -> str:
    """Return what templates have: pages to extend, macros, filters, values."""
    folder = ROOT / "templates"
    parts = [
        "## In templates\n\nA page extends `layout.html` and fills the blocks `title`, `head`, `breadcrumbs` and `content`; a "
        "librarian's page extends one of the kit's. Macros are imported `with context`, inside the block that htmx asks for.\n"
    ]
    pages = [f"- `{name}`: {_first_comment(folder / name)}" for name in PAGES]
    parts.append("Pages to extend:\n\n" + "\n".join(pages) + "\n")
    for name in MACROS:
        text = (folder / name).read_text(encoding="utf-8")
        lines = []
        for found in _MACRO.finditer(text):
            if found["about"] is None:
                raise LookupError(f"{name}: {found['call']}")
            lines.append(f"- `{found['call']}`: {' '.join(found['about'].split())}")
        parts.append(f"Macros of `{name}`:\n\n" + "\n".join(lines) + "\n")
    classes = "\n".join(f"- `{name}`: {about}" for name, about in CLASSES.items())
    parts.append(f"Classes of the stylesheet of all pages:\n\n{classes}\n")
    parts.append("Filters:\n\n" + "\n".join(f"- `{name}`: {about}" for name, about in FILTERS.items()) + "\n")
    parts.append(
        "Values and functions:\n\n"
        + "\n".join(f"- `{name}`: {about}" for name, about in GLOBALS.items())
        + "\n"
    )
    return "\n".join(parts)


def _first_comment(path: Path) -> str:
    found = re.match(r"\{#\s*(.*?)\s*#\}", path.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise LookupError(path.name)
    return " ".join(found[1].split())


def example(where: str) -> str:
    """Return the code of an example; the docstring of a file is left out."""
    name, _colon, parts = where.partition(":")
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    body = ast.parse(text).body
    if not parts:
        begins = body[1].lineno if isinstance(body[0], ast.Expr) else body[0].lineno
        return "\n".join(text.splitlines()[begins - 1 :])
    lines = text.splitlines()
    wanted = parts.split(",")
    found = {label: node for node in body for label in _labels(node)}
    return "\n\n\n".join(
        "\n".join(lines[_begin(found[each]) - 1 : found[each].end_lineno]) for each in wanted
    )


def _labels(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _begin(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def written() -> str:
    """Return the document."""
    parts = [_HEAD]
    for subject in SUBJECTS:
        parts.append(f"## {subject.title}\n\n{subject.about}\n")
        parts.append("\n".join(line for name in subject.names.split() for line in lines_of(name)) + "\n")
        parts.append(
            f"`examples/{subject.example.partition(':')[0]}`:\n\n```python\n{example(subject.example).rstrip()}\n```\n"
        )
    parts.append(templates())
    return "\n".join(parts)


def main() -> int:
    """Write the document."""
    DOCUMENT.write_text(written(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
