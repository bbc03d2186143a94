"""Learning: my courses, a course, a lesson with one's place, progress and notes."""

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import format_date
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Attachment,
    PersonalLine,
    PersonalLines,
    Viewer,
    attachments,
    current_viewer,
    list_url,
    markdown,
    page,
    page_number,
    remember,
    remembered_page,
    requires,
    visible_or_404,
    wants_fragment,
)
from libhub.api import gettext as _
from plugins.training.courses import audience, lessons
from plugins.training.courses.lessons import COMPLETIONS
from plugins.training.learning import certificates, course_list, notes, progress, quiz_attempts, tasks, ways
from plugins.training.learning.course_list import Card
from plugins.training.learning.ways import Step, Way
from plugins.training.models import Course, Lesson

blueprint = Blueprint(
    "training",
    "plugins.training",
    url_prefix="/training",
    template_folder="templates",
    static_folder="static",
)
PAGE_SIZE = 24
MAX_NOTE = 10_000
CARD_COURSES = 3
PERSONAL_LINES = 5
PICTURE_WIDTH = 1280
_Row = TypeVar("_Row")


@blueprint.get("/")
@requires("training.learn")
def index() -> Response:
    """Show my courses, those that are late or due first."""
    return remembered_page("training/index.html", _courses)


def _courses() -> dict[str, Any]:
    cards, number, pages = pages_of(course_list.my_courses(current_viewer()), PAGE_SIZE)
    url = partial(list_url, "training.index", {})
    return {"cards": cards, "number": number, "pages": pages, "page_url": url}


@blueprint.get("/<int:course_id>")
@requires("training.learn")
def course(course_id: int) -> Response:
    """Show a course: its lessons, what is done, what is next."""
    found, viewer = visible_course(course_id), current_viewer()
    return remembered_page(
        "training/course.html",
        lambda: {"course": found, "way": ways.way(found, viewer), "completions": COMPLETIONS},
    )


@blueprint.get("/<int:course_id>/continue")
@requires("training.learn")
def go_on(course_id: int) -> AnyResponse:
    """Open the lesson to go on with."""
    step = ways.way(visible_course(course_id), current_viewer()).next
    if step is None:
        return redirect(url_for("training.course", course_id=course_id))
    return redirect(url_for("training.lesson", lesson_id=step.id))


@blueprint.get("/lessons/<int:lesson_id>")
@requires("training.learn")
def lesson(lesson_id: int) -> Response:
    """Show a lesson and note that it was opened."""
    return lesson_page(lesson_id)


def lesson_page(lesson_id: int, status: int = 200, **more: Any) -> Response:
    """Show a lesson; one that was taken away or is still closed says so."""
    viewer = current_viewer()
    found = lessons.find_lesson(lesson_id, viewer)
    if found is None:
        return _gone(lesson_id, viewer)
    way = ways.way(found.section.course, viewer, certificate=False)
    step = step_of(way, lesson_id)
    if step.closed:
        return page("training/closed.html", lesson=found, way=way, status=403)
    if request.method == "GET" and reads(found, viewer) and not way.rests_in(step):
        way = progress.note_visit(found, viewer, way, step)
        step = step_of(way, lesson_id)
    text, files = remember(
        ("training lesson", lesson_id, found.text), lambda: _content(found), lambda made: 4 * len(made[0])
    )
    answer = tasks.find_answer(lesson_id, _user(viewer)) if found.task else None
    answer_ref = answer.ref if answer else None
    return page(
        "training/lesson.html",
        block="content",
        lesson=found,
        course=found.section.course,
        step=step,
        way=way,
        before=_neighbour(way, lesson_id, -1),
        after=_neighbour(way, lesson_id, 1),
        text=text,
        files=files,
        quiz=quiz_attempts.state_of(found, _user(viewer)) if step.quiz else None,
        answer=answer,
        answer_ref=answer_ref,
        answer_files=attachments([answer_ref])[answer_ref] if answer_ref else [],
        answer_states=tasks.STATES,
        note=notes.note_of(_user(viewer), lesson_id),
        completions=COMPLETIONS,
        status=status,
        **more,
    )


def _content(lesson: Lesson) -> tuple[Markup, tuple[Attachment, ...]]:
    """Return the text of a lesson as HTML, and those of its files that the text does not show."""
    ref = lesson.ref
    files = attachments([ref])[ref]
    text = markdown.to_html(lesson.text, addresses(files), pictures(files))
    return text, tuple(each for each in files if not (each.is_image and shown_address(each) in text))


def _gone(lesson_id: int, viewer: Viewer) -> Response:
    """Say that a lesson was taken out of its course while somebody was in it."""
    found = lessons.find_lesson(lesson_id, viewer, archived=True)
    if found is None:
        abort(404)
    way = ways.way(found.section.course, viewer)
    note = notes.note_of(_user(viewer), lesson_id)
    return page(
        "training/gone.html", lesson=found, course=found.section.course, way=way, note=note, status=410
    )


@blueprint.post("/lessons/<int:lesson_id>/done")
@requires("training.learn")
def done(lesson_id: int) -> AnyResponse:
    """Say that a lesson is done, or after all is not."""
    found = open_lesson(lesson_id)
    if found is None:
        return lesson_page(lesson_id)
    if found.completion != "hand":
        abort(404)
    wanted = request.form.get("done") == "1"
    progress.complete(found, _user(current_viewer()), done=wanted)
    return after_progress(lesson_id, wanted)


def after_progress(lesson_id: int, wanted: bool) -> AnyResponse:
    """Go on to the next lesson, or to the finished course; back to the lesson where it was taken back."""
    found = lessons.get_lesson(lesson_id)
    way = ways.way(found.section.course, current_viewer())
    if not wanted:
        return redirect(url_for("training.lesson", lesson_id=lesson_id))
    if way.done == way.total:
        flash(_("All lessons of the course are done."), "success")
        return redirect(url_for("training.course", course_id=found.section.course_id))
    following = _neighbour(way, lesson_id, 1)
    if following is None or following.closed:
        return redirect(url_for("training.course", course_id=found.section.course_id))
    flash(_("Done. This is the next lesson."), "success")
    return redirect(url_for("training.lesson", lesson_id=following.id))


@blueprint.post("/lessons/<int:lesson_id>/note")
@requires("training.learn")
def note(lesson_id: int) -> AnyResponse:
    """Keep a note of one's own; it is kept also when the lesson has just been taken away."""
    viewer = current_viewer()
    found = lessons.find_lesson(lesson_id, viewer) or lessons.find_lesson(lesson_id, viewer, archived=True)
    if found is None:
        abort(404)
    notes.keep_note(_user(viewer), lesson_id, request.form.get("note", "")[:MAX_NOTE])
    if wants_fragment():
        return page("training/note_kept.html")
    flash(_("Your note is saved. Only you see it."), "success")
    return redirect(url_for("training.lesson", lesson_id=lesson_id))


def shown_address(file: Attachment) -> str:
    """Return where a file is looked at from inside a text: a picture not larger than a page needs."""
    return file.preview_url(PICTURE_WIDTH) if file.is_image else file.url


def addresses(files: list[Attachment]) -> dict[str, str]:
    """Return the addresses of files by the names by which a text calls them."""
    return {each.name: shown_address(each) for each in files}


def pictures(files: list[Attachment]) -> dict[str, markdown.Picture]:
    """Return how large the pictures among the files are, by the addresses at which a text shows them."""
    return {
        shown_address(each): markdown.Picture(each.width, each.height, each.preview_set)
        for each in files
        if each.width and each.height
    }


# -- what the other pages share -----------------------------------------------------------------------


def pages_of(rows: Sequence[_Row], size: int) -> tuple[Sequence[_Row], int, Sequence[int]]:
    """Return the rows of the page that the visitor asks for, its number, and the numbers of all if there are several."""
    last = max(1, -(-len(rows) // size))
    number = min(page_number(), last)
    return rows[(number - 1) * size : number * size], number, range(1, last + 1) if last > 1 else ()


def visible_course(course_id: int) -> Course:
    """Return a course that the visitor may see, or answer 404."""
    return visible_or_404(Course, course_id)


def open_lesson(lesson_id: int) -> Lesson | None:
    """Return a lesson on which the visitor may work now; None where it was taken away or is closed."""
    viewer = current_viewer()
    found = lessons.find_lesson(lesson_id, viewer)
    if found is None or step_of(ways.way(found.section.course, viewer), lesson_id).closed:
        return None
    return found


def reads(found: Lesson, viewer: Viewer) -> bool:
    """Say whether opening a lesson is learning; an editor who looks at a draft only looks."""
    return found.published and found.section.course.published and viewer.user_id is not None


def step_of(way: Way, lesson_id: int) -> Step:
    """Return the step of a lesson that is on the way."""
    return next(step for step in way.steps if step.id == lesson_id)


def _neighbour(way: Way, lesson_id: int, step: int) -> Step | None:
    steps = way.steps
    place = next(place for place, each in enumerate(steps) if each.id == lesson_id) + step
    return steps[place] if 0 <= place < len(steps) else None


def _user(viewer: Viewer) -> int:
    assert viewer.user_id is not None
    return viewer.user_id


def user_id() -> int:
    """Return the number of the visitor's account; every page of training has one."""
    return _user(current_viewer())


def card(viewer: Viewer) -> dict[str, Any]:
    """Return what the card of the home page shows: the courses to go on with."""
    waiting = [each for each in course_list.my_courses(viewer) if not each.completed_at]
    return {"cards": waiting[:CARD_COURSES], "total": len(waiting)}


def personal_lines(viewer: Viewer) -> list[PersonalLines]:
    """Return the courses and the certificates of a viewer."""
    if viewer.user_id is None or not viewer.can(audience.LEARN):
        return []
    waiting = [card for card in course_list.my_courses(viewer) if not card.completed_at][:PERSONAL_LINES]
    courses = [
        PersonalLine(card.course.title, url_for("training.course", course_id=card.course.id), _note(card))
        for card in waiting
    ]
    papers = [
        PersonalLine(
            each.course_title,
            url_for("training.certificate", number=each.number),
            str(format_date(each.completed_on, "d MMMM y")),
        )
        for each in certificates.of_person(viewer.user_id)[:PERSONAL_LINES]
    ]
    return [
        PersonalLines(_("My courses"), url_for("training.index"), courses, order=40),
        PersonalLines(_("My certificates"), url_for("training.record"), papers, order=50),
    ]


def _note(card: Card) -> str:
    if card.due_on is not None:
        day = format_date(card.due_on)
        return _("late: it was due on %(day)s", day=day) if card.late else _("due on %(day)s", day=day)
    return f"{card.percent} %" if card.started else ""
