"""The form of a note. What may stand in its fields the rules say."""

from wtforms import StringField, TextAreaField

from libhub.api import Form
from libhub.api import lazy_gettext as _l
from plugins.sectionid.rules import NoteData


class NoteForm(Form):
    """A note as the librarian edits it."""

    title = StringField(_l("Title"))
    text = TextAreaField(_l("Text"), render_kw={"rows": 10})

    def typed(self) -> NoteData:
        """Return what was typed, whatever it is."""
        return NoteData(title=self.title.data or "", text=self.text.data or "")
