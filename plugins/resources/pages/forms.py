"""The form of a resource: what was typed becomes clean data, and every problem stands at its field."""

from wtforms import BooleanField, StringField, TextAreaField, URLField

from libhub.api import Form, fields
from plugins.resources.rules import ResourceData
from plugins.resources.vocabulary import ACCESS, AUDIENCES, ENCODINGS, FIELDS, KINDS, PLATFORMS, VERIFIABLE


class ResourceForm(Form):
    """A resource as the librarian edits it. Lengths and addresses are the domain's business."""

    title = StringField(FIELDS["title"])
    url = URLField(FIELDS["url"])
    summary = StringField(FIELDS["summary"])
    description = TextAreaField(FIELDS["description"], render_kw={"rows": 8})
    kind = fields.select(FIELDS["kind"], KINDS)
    for_whom = fields.tick_boxes(FIELDS["for_whom"], AUDIENCES)
    grade_from = fields.grade(FIELDS["grade_from"])
    grade_to = fields.grade(FIELDS["grade_to"])
    themes = StringField(FIELDS["themes"])
    age = fields.age_mark(FIELDS["age"], or_none=True)
    access = fields.select(FIELDS["access"], ACCESS)
    how_to_enter = TextAreaField(FIELDS["how_to_enter"], render_kw={"rows": 3})
    platforms = fields.tick_boxes(FIELDS["platforms"], PLATFORMS)
    needs_internet = BooleanField(FIELDS["needs_internet"])
    search_template = StringField(FIELDS["search_template"])
    search_encoding = fields.select(FIELDS["search_encoding"], {name: name for name in ENCODINGS})
    visibility = fields.visibility(FIELDS["visibility"])
    staff_notes = TextAreaField(FIELDS["staff_notes"], render_kw={"rows": 3})
    unverified = fields.tick_boxes(FIELDS["unverified"], {name: FIELDS[name] for name in VERIFIABLE})
    checked_on = fields.optional_day(FIELDS["checked_on"])

    def data_with(self, cover: str) -> ResourceData:
        """Return what was typed; the cover is not chosen here and stays."""
        return fields.typed_data(self, ResourceData, cover=cover, themes=(self.themes.data or "",))
