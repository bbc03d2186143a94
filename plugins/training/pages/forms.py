"""The forms of courses, lessons and learning elsewhere: what was typed becomes clean data."""

from wtforms import BooleanField, StringField, TextAreaField

from libhub.api import Form, fields
from libhub.api import lazy_gettext as _l
from plugins.training.courses.audience import AUDIENCES
from plugins.training.courses.lessons import COMPLETIONS


class CourseForm(Form):
    """What is said of a course as a whole; whoever shows it says which people and courses can be ticked."""

    title = StringField(_l("Title"))
    summary = TextAreaField(_l("What it is about, in one or two sentences"), render_kw={"rows": 3})
    for_whom = fields.select(_l("Meant for"), AUDIENCES)
    people = fields.tick_boxes(_l("Named people"), {}, coerce=int)
    hours = fields.optional_number(_l("Academic hours"))
    certificate = BooleanField(_l("Who finishes it gets a certificate"))
    in_order = BooleanField(_l("Lessons open one after another"))
    requires = fields.tick_boxes(_l("Courses that have to be finished before"), {}, coerce=int)
    age = fields.age_mark(or_none=True)
    written_on = fields.optional_day(_l("Date of the material"))
    checked_on = fields.optional_day(_l("Checked on"))


class LessonForm(Form):
    """A lesson without its files and questions."""

    title = StringField(_l("Title"))
    text = TextAreaField(_l("Text"), render_kw={"rows": 22})
    link = StringField(_l("Link to open beside it"))
    minutes = fields.optional_number(_l("How many minutes it takes"))
    completion = fields.select(_l("When it counts as done"), COMPLETIONS)
    task = BooleanField(_l("An answer is needed: text or files"))
    asked = fields.optional_number(_l("Questions in one attempt"))
    attempts = fields.optional_number(_l("How many attempts"))
    pass_percent = fields.optional_number(_l("Pass mark, per cent"))
    shuffled = BooleanField(_l("Shuffle the questions"))
    published = BooleanField(_l("Open to those who take the course"))


class ExternalForm(Form):
    """A course taken elsewhere."""

    title = StringField(_l("What the course is called"))
    organisation = StringField(_l("Where it was"))
    hours = fields.optional_number(_l("Academic hours"))
    started_on = fields.optional_day(_l("From"))
    completed_on = fields.optional_day(_l("Until"))
    document = StringField(_l("Document and its number"))
    expires_on = fields.optional_day(_l("The document is valid until"))


class AssignForm(Form):
    """A course is given to people; whoever shows it says which courses, people and roles can be chosen."""

    course = fields.select(_l("Course"), {}, coerce=int)
    people = fields.tick_boxes(_l("These people"), {}, coerce=int)
    roles = fields.tick_boxes(_l("Everybody with this role now"), {})
    due_on = fields.optional_day(_l("Due on"))
