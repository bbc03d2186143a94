"""The only module of LibHub that a plugin imports."""

from collections.abc import Mapping
from inspect import currentframe
from typing import TYPE_CHECKING, Any, Final

from libhub import quizzes
from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.people import Person, people
from libhub.accounts.permissions import (
    ADMINISTRATOR,
    AGE_MARKS,
    GUEST,
    LIBRARIAN,
    PARENT,
    STUDENT,
    TEACHER,
    Permission,
)
from libhub.accounts.relations import children_of, younger_than
from libhub.accounts.school_class import ClassName as SchoolClass
from libhub.accounts.school_class import find_class, parse_class
from libhub.accounts.viewer import PUBLIC, SIGNED_IN, STAFF_LABEL, Viewer, role_label, user_label
from libhub.base.audit import Actor, Audited, acting_as
from libhub.base.checked_types import Label
from libhub.base.db import UtcDateTime, db, read_rows, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import current_locale, domain_of
from libhub.base.moments import now, school_zone, today
from libhub.base.section_of import section_of
from libhub.base.text import one_line, parse_day, parse_number, tidy
from libhub.caching.counts import add_counts
from libhub.caching.gathering import Tally, Waiting
from libhub.caching.remembering import remember
from libhub.config import instance_path
from libhub.files.attachments import Attachment, attachments, first_pictures, open_file
from libhub.files.changing import copy_files, detach, detach_all, move_files, rename_file, undo_detach
from libhub.files.uploads import ReceivedFile, attach, check_upload, receive, replace_file
from libhub.installation import update_index
from libhub.kit import markdown, tables
from libhub.kit.archive import ArchiveFault, ArchiveLimits, HostileArchive, OutsideArchive
from libhub.kit.column_choices import chosen as chosen_columns
from libhub.kit.filters import Filter, Sort, age_filter, grade_filter, one_of_column
from libhub.kit.filters import counts as filter_counts
from libhub.kit.history.subjects import deletable
from libhub.kit.importing import BATCH as IMPORT_BATCH
from libhub.kit.importing import PAUSE_SECONDS as IMPORT_PAUSE_SECONDS
from libhub.kit.importing import Line as ImportLine
from libhub.kit.importing import Problem as ImportProblem
from libhub.kit.importing import Report as ImportReport
from libhub.kit.importing import in_batches, writing_or_trying
from libhub.kit.item_types import Searched, document_of, item_type, unsearched_type
from libhub.kit.jobs.starting import start_job
from libhub.kit.jobs.work import JobResult, JobStopped, JobWork
from libhub.kit.line_choices import chosen as chosen_lines
from libhub.kit.ordering import rows_for, sort_key
from libhub.kit.pages import fields
from libhub.kit.pages.bulk_actions import Action, age_actions, archive_actions
from libhub.kit.pages.editing import Editing, add_archiving, attempt, editor
from libhub.kit.pages.exporting import give_file, give_workbook
from libhub.kit.pages.history import History
from libhub.kit.pages.importing import Importer
from libhub.kit.pages.listing import Found, Listing, visible_or_404
from libhub.kit.pages.managing import Managed, State, archive_states
from libhub.kit.pages.questions import QuestionForm
from libhub.kit.pages.seen import TYPED_STAYS, as_seen
from libhub.kit.pages.slips import read_slip, show_slip
from libhub.kit.progress import progress_bar
from libhub.kit.published import (
    Addressed,
    Expiring,
    ForGrades,
    ForVisibility,
    Published,
    find_row,
    find_visible,
    save_row,
    set_archived,
    touch_expired,
)
from libhub.kit.seen import StaleView, mark_of, refuse_stale
from libhub.kit.tables.workbooks import WORKBOOK_TYPE, Cell, workbook
from libhub.kit.validation import (
    AgeMark,
    AgeMarkOrNone,
    Data,
    Grade,
    Invalid,
    Listed,
    Must,
    OneLine,
    OneOf,
    Rule,
    SomeOf,
    Text,
    Within,
    grades_in_order,
)
from libhub.kit.vocabulary import AGES, GRADE_LABELS, GRADES, VISIBILITY, VISIBILITY_LABELS
from libhub.notices.notices import notify
from libhub.plugging import deprecation
from libhub.plugging.calendar import calendar_entries
from libhub.plugging.deprecation import Deprecated
from libhub.plugging.hookspecs import hookimpl
from libhub.plugging.records import (
    CalendarEntry,
    ChildLine,
    HealthCheck,
    HomeCard,
    JobKind,
    KeptData,
    Line,
    NavItem,
    PersonalLine,
    PersonalLines,
    PersonLine,
    Setting,
)
from libhub.plugging.settings import get_setting
from libhub.search.current import facet_counts
from libhub.search.documents import Document, Facet, ItemRef, ItemType, Summary, sentences
from libhub.search.language.terms import Terms, covers, word_terms
from libhub.search.store.outbox import touch
from libhub.submissions.pending_uploads import drop_upload, held_upload, hold_upload
from libhub.web.forms.form import Form
from libhub.web.forms.handmade import HandmadeForm
from libhub.web.forms.returned import adopt_draft, find_draft, keep_draft
from libhub.web.gate import public, requires, signed_in
from libhub.web.htmx import wants_fragment
from libhub.web.limiting import limited
from libhub.web.outside import outside_links, outside_url, safe_target
from libhub.web.paging import list_url, page_number, paginate
from libhub.web.rendering.drawings import cover_url
from libhub.web.rendering.pages import page
from libhub.web.rendering.qr import qr_code
from libhub.web.rendering.remembered_pages import remembered_page
from libhub.web.visitor import current_viewer, viewer_for

if TYPE_CHECKING:
    from libhub.base.i18n import gettext, lazy_gettext, lazy_ngettext, ngettext

__all__ = [
    "ADMINISTRATOR",
    "AGES",
    "AGE_MARKS",
    "GRADES",
    "GRADE_LABELS",
    "GUEST",
    "IMPORT_BATCH",
    "IMPORT_PAUSE_SECONDS",
    "LIBRARIAN",
    "PARENT",
    "PUBLIC",
    "SIGNED_IN",
    "STAFF_LABEL",
    "STUDENT",
    "TEACHER",
    "TYPED_STAYS",
    "VISIBILITY",
    "VISIBILITY_LABELS",
    "WORKBOOK_TYPE",
    "Action",
    "Actor",
    "Addressed",
    "AgeMark",
    "AgeMarkOrNone",
    "ArchiveFault",
    "ArchiveLimits",
    "Attachment",
    "Audited",
    "CalendarEntry",
    "Cell",
    "ChildLine",
    "Data",
    "Document",
    "Editing",
    "Expiring",
    "Facet",
    "Filter",
    "ForGrades",
    "ForVisibility",
    "Form",
    "Found",
    "Grade",
    "HandmadeForm",
    "HealthCheck",
    "History",
    "HomeCard",
    "HostileArchive",
    "ImportLine",
    "ImportProblem",
    "ImportReport",
    "Importer",
    "Invalid",
    "ItemRef",
    "ItemType",
    "JobKind",
    "JobResult",
    "JobStopped",
    "JobWork",
    "KeptData",
    "Label",
    "LibHubError",
    "Line",
    "Listed",
    "Listing",
    "Managed",
    "Must",
    "NavItem",
    "OneLine",
    "OneOf",
    "OutsideArchive",
    "Permission",
    "Person",
    "PersonLine",
    "PersonalLine",
    "PersonalLines",
    "Published",
    "QuestionForm",
    "ReceivedFile",
    "Rule",
    "SchoolClass",
    "Searched",
    "Setting",
    "SomeOf",
    "Sort",
    "StaleView",
    "State",
    "Summary",
    "Tally",
    "Terms",
    "Text",
    "UtcDateTime",
    "Viewer",
    "Waiting",
    "Within",
    "acting_as",
    "add_archiving",
    "add_counts",
    "adopt_draft",
    "age_actions",
    "age_filter",
    "archive_actions",
    "archive_states",
    "as_seen",
    "attach",
    "attachments",
    "attempt",
    "calendar_entries",
    "check_upload",
    "children_of",
    "chosen_columns",
    "chosen_lines",
    "copy_files",
    "cover_url",
    "covers",
    "current_locale",
    "current_viewer",
    "db",
    "deletable",
    "detach",
    "detach_all",
    "document_of",
    "drop_upload",
    "editor",
    "facet_counts",
    "fields",
    "filter_counts",
    "find_class",
    "find_draft",
    "find_row",
    "find_visible",
    "first_pictures",
    "get_setting",
    "gettext",
    "give_file",
    "give_workbook",
    "grade_filter",
    "grades_in_order",
    "hashed",
    "held_upload",
    "hold_upload",
    "hookimpl",
    "in_batches",
    "instance_path",
    "item_type",
    "keep_draft",
    "lazy_gettext",
    "lazy_ngettext",
    "limited",
    "list_url",
    "mark_of",
    "markdown",
    "move_files",
    "ngettext",
    "notify",
    "now",
    "one_line",
    "one_of_column",
    "open_file",
    "outside_links",
    "outside_url",
    "page",
    "page_number",
    "paginate",
    "parse_class",
    "parse_day",
    "parse_number",
    "people",
    "progress_bar",
    "public",
    "qr_code",
    "quizzes",
    "read_rows",
    "read_slip",
    "receive",
    "refuse_stale",
    "remember",
    "remembered_page",
    "rename_file",
    "replace_file",
    "requires",
    "role_label",
    "rows_for",
    "safe_target",
    "save_row",
    "school_zone",
    "sentences",
    "set_archived",
    "show_slip",
    "signed_in",
    "sort_key",
    "start_job",
    "tables",
    "tidy",
    "today",
    "touch",
    "touch_expired",
    "undo_detach",
    "unsearched_type",
    "update_index",
    "user_label",
    "viewer_for",
    "visible_or_404",
    "wants_fragment",
    "word_terms",
    "workbook",
    "writing",
    "writing_or_trying",
    "younger_than",
]


DEPRECATED: Final[Mapping[str, Deprecated]] = {}
"""Names that still work and will go; each says what is used instead."""


def __getattr__(name: str) -> Any:
    """Give the section that asks the functions which translate with its own catalogue, and names that will go.

    The functions are bound where they are imported and not at each call: whoever calls them later (a form, a template,
    the core), they speak in the words of their section.
    """
    if name not in {"gettext", "lazy_gettext", "lazy_ngettext", "ngettext", *DEPRECATED}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    here = currentframe()
    asking = here.f_back if here else None
    section = section_of(asking.f_globals["__name__"] if asking else "")
    if name in DEPRECATED:
        return deprecation.use(section, name, DEPRECATED[name])
    return getattr(domain_of(section), name)
