"""The classes of the school: their list, and what its teacher and the librarian see of each."""

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from libhub.accounts.classes import every_class, get_class, school_year
from libhub.accounts.models import SchoolClass
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.i18n import ngettext
from libhub.base.text import parse_number
from libhub.kit.pages.editing import attempt, editor
from libhub.kit.pages.exporting import give_workbook
from libhub.kit.pages.fields import number_or_none
from libhub.kit.validation import Invalid
from libhub.people import school_classes
from libhub.people.school_classes import GROUP_LENGTH
from libhub.people.september.promoting import year_in_words
from libhub.plugging import calls
from libhub.plugging.records import Line
from libhub.web.forms.form import Form
from libhub.web.forms.handmade import HandmadeForm
from libhub.web.gate import requires, signed_in
from libhub.web.limiting import limited
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("classes", __name__, url_prefix="/admin/classes")
MANAGE = "users.manage"


class ClassForm(Form):
    """A class as the librarian edits it."""

    name = StringField(_l("Class"), [InputRequired(), Length(max=20)])
    teacher_id = SelectField(_l("Class teacher"), coerce=number_or_none)
    school_year = SelectField(_l("School year"), coerce=int)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.teacher_id.choices = [
            SelectChoice("", _("nobody")),
            *(SelectChoice(person.id, person.name) for person in school_classes.teachers()),
        ]
        self._offer("teacher_id", "—")
        years = (school_year(), school_year() + 1, school_year() - 1)
        self.school_year.choices = [SelectChoice(year, year_in_words(year)) for year in years]
        self._offer("school_year", "")

    def _offer(self, name: str, label: str) -> None:
        """Offer what is stored, even where nobody would choose it any more."""
        stored, field = self[name].object_data, self[name]
        if stored is not None and stored not in {choice.value for choice in field.choices}:
            field.choices.append(SelectChoice(stored, label or year_in_words(stored)))


def class_or_404(class_id: int) -> SchoolClass:
    """Return a class that this visitor may see: the librarian any, its teacher this one; for others there is none."""
    viewer = current_viewer()
    if not viewer.can(MANAGE) and class_id not in viewer.classes:
        abort(404)
    return db.session.get(SchoolClass, class_id) or abort(404)


@blueprint.get("/")
@signed_in
def index() -> Response:
    """List the classes in the order of the school; a class teacher's own."""
    viewer = current_viewer()
    if not viewer.can(MANAGE) and not viewer.classes:
        abort(404)
    everything = viewer.can(MANAGE)
    return page(
        "people/classes.html",
        rows=school_classes.listed(None if everything else viewer.classes),
        left=school_classes.archived() if everything else {},
    )


@blueprint.get("/<int:class_id>")
@signed_in
def show(class_id: int) -> Response:
    """Show a class: who is in it, who signed in when, what it has before it."""
    row = class_or_404(class_id)
    return page(
        "people/class.html",
        row=row,
        title=_title(row),
        teacher=_teacher(row),
        people=school_classes.members_of(row),
        year=year_in_words(row.school_year),
        lines=_lines(class_id),
        others=[each for each in every_class() if each.id != class_id]
        if current_viewer().can(MANAGE)
        else [],
    )


@blueprint.get("/<int:class_id>/list.xlsx")
@signed_in
@limited(20, methods=("GET",))
def workbook(class_id: int) -> Response:
    """Give the list of a class as a workbook."""
    row = class_or_404(class_id)
    people = school_classes.members_of(row)
    header = [_("Name"), _("User name"), _("Group"), _("Last visit")]
    rows = [(person.name, person.username, person.group, person.last_visit_on) for person in people]
    return give_workbook(
        f"{row.name} {year_in_words(row.school_year).replace('/', '-')}", row.name, header, rows
    )


def _title(row: SchoolClass) -> str:
    if row.archived_at is None:
        return _("Class %(name)s", name=row.name)
    return _("Class %(name)s, left in %(year)d", name=row.name, year=row.school_year + 1)


def _teacher(row: SchoolClass) -> str:
    names = {person.id: person.name for person in school_classes.teachers()}
    return names.get(row.teacher_id or 0, "")


def _lines(class_id: int) -> list[Line]:
    """Return what the class has before it in the sections."""
    answers = calls.call("class_lines", viewer=current_viewer(), class_id=class_id)
    return [line for _plugin, some in answers for line in some]


@blueprint.route("/add", methods=["GET", "POST"])
@requires(MANAGE)
def add() -> AnyResponse:
    """Add a class."""
    return _edit(None)


@blueprint.route("/<int:class_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit(class_id: int) -> AnyResponse:
    """Change what a class is called, and its teacher."""
    return _edit(class_or_404(class_id))


def _edit(row: SchoolClass | None) -> AnyResponse:
    number = row.id if row is not None else None

    def form() -> ClassForm:
        here = get_class(number) if number is not None else None
        return ClassForm(obj=here, school_year=here.school_year if here else school_year())

    def save(typed: ClassForm) -> int:
        try:
            return school_classes.save_class(
                number, typed.name.data, typed.teacher_id.data, typed.school_year.data
            )
        except LibHubError as error:
            raise Invalid({"name": str(error)}) from error

    return editor(
        "people/class_edit.html",
        form,
        save,
        lambda saved: url_for("classes.show", class_id=saved),
        told=_l("Saved."),
        row=row,
    )


@blueprint.route("/<int:class_id>/groups", methods=["GET", "POST"])
@requires(MANAGE)
def groups(class_id: int) -> AnyResponse:
    """Say who is in which group of the class."""
    row = class_or_404(class_id)

    def form() -> HandmadeForm:
        people = school_classes.members_of(get_class(class_id))
        return HandmadeForm(
            {f"group-{person.id}": [person.group] for person in people},
            {f"group-{person.id}": person.name for person in people},
        )

    def save(typed: HandmadeForm) -> int:
        return school_classes.save_groups(
            class_id, {int(name.removeprefix("group-")): typed[name] for name in typed.fields}
        )

    return editor(
        "people/class_groups.html",
        form,
        save,
        lambda _saved: url_for("classes.show", class_id=class_id),
        told=_l("Saved."),
        row=row,
        people=school_classes.members_of(row),
        length=GROUP_LENGTH,
    )


@blueprint.route("/<int:class_id>/join", methods=["GET", "POST"])
@requires(MANAGE)
def join(class_id: int) -> AnyResponse:
    """Move everybody into another class, after showing what that means."""
    row = class_or_404(class_id)
    into = db.session.get(SchoolClass, parse_number(request.values.get("into", "")) or 0)
    if into is None or into.archived_at is not None or into.id == class_id:
        return attempt(_refuse_target, url_for("classes.show", class_id=class_id))
    if request.method == "GET":
        return page(
            "people/class_join.html",
            row=row,
            into=into,
            people=school_classes.members_of(row),
            shown=school_classes.what_is_joined(class_id, into.id),
        )
    name, target = row.name, into.name
    return attempt(
        lambda: school_classes.join_classes(class_id, into.id, request.form.get("seen", "")),
        url_for("classes.show", class_id=into.id),
        lambda moved: ngettext(
            "%(num)d person of %(name)s is in %(into)s now.",
            "%(num)d people of %(name)s are in %(into)s now.",
            moved,
            name=name,
            into=target,
        ),
    )


def _refuse_target() -> None:
    raise LibHubError(_("Choose another class."))


@blueprint.post("/<int:class_id>/put-away")
@requires(MANAGE)
def put_away(class_id: int) -> AnyResponse:
    """Put a class into the archive, or delete one in which nobody ever was."""
    name = class_or_404(class_id).name
    return attempt(
        lambda: school_classes.put_away(class_id),
        url_for("classes.index"),
        lambda kept: (
            _("%(name)s is in the archive.", name=name) if kept else _("%(name)s was deleted.", name=name)
        ),
    )


@blueprint.post("/<int:class_id>/bring-back")
@requires(MANAGE)
def bring_back(class_id: int) -> AnyResponse:
    """Bring a class back from the archive."""
    name = class_or_404(class_id).name
    return attempt(
        lambda: school_classes.bring_back(class_id),
        url_for("classes.show", class_id=class_id),
        _("%(name)s is there again.", name=name),
    )
