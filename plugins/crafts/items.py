"""What search may know of activities."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from libhub.api import Document, Facet, ItemType, Summary, Viewer, db, sentences
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import rules
from plugins.crafts.gallery import gallery_works, items
from plugins.crafts.holidays import HOLIDAYS, LABELS
from plugins.crafts.models import Activity, ActivityMaterial
from plugins.crafts.vocabulary import GRADES, KINDS, SEASONS, TIMES


def keys() -> Iterable[str]:
    """Return the numbers of all activities that are published."""
    return map(str, db.session.scalars(select(Activity.id).where(Activity.state == "published")))


def documents(some: Sequence[str]) -> list[Document]:
    """Return what is searched of these activities."""
    rows = db.session.scalars(select(Activity).where(Activity.id.in_([int(key) for key in some])))
    return [_document(activity) for activity in rows if activity.state == "published"]


def _document(activity: Activity) -> Document:
    texts = (
        activity.summary,
        "; ".join(map(_in_words, activity.materials)),
        *(text for row in activity.steps for text in (row.text, row.warning)),
        activity.safety,
        activity.related,
    )
    times = fits_into(activity.minutes)
    keywords = (
        str(KINDS[activity.kind]),
        _("what to make with one's own hands"),
        *(str(TIMES[each]) for each in times),
        *activity.tagged("technique"),
        *(str(HOLIDAYS[code].label) for code in activity.tagged("holiday")),
        *(str(SEASONS[code]) for code in activity.tagged("season")),
        *(str(question.get("text", "")) for question in activity.questions),
        *(row.name for row in activity.materials),
    )
    return Document(
        ref=rules.ref(activity.id),
        title=activity.title,
        text=sentences(*texts),
        keywords="\n".join(keywords),
        audience=rules.audience(activity),
        age=activity.age,
        facets={
            "kind": [activity.kind],
            "time": times,
            "difficulty": [str(activity.difficulty)],
            "material": sorted({row.label for row in activity.materials}),
            "holiday": activity.tagged("holiday"),
            "season": activity.tagged("season"),
            "technique": activity.tagged("technique"),
            "grade": [str(grade) for grade in grades(activity)],
        },
    )


def _in_words(row: ActivityMaterial) -> str:
    """Return what is needed, what is said of it, and what does as well."""
    note = f" ({row.note})" if row.note else ""
    instead = _("or: %(names)s", names=", ".join(row.replacements)) if row.replacements else ""
    return ", ".join(filter(None, (f"{row.name}{note}", instead)))


def fits_into(minutes: int) -> list[str]:
    """Return the times that an activity fits into."""
    return [time for time in TIMES if minutes <= int(time)]


def grades(activity: Activity) -> Sequence[int]:
    """Return the grades that an activity is for; all of them when it names none."""
    return range(activity.grade_from or GRADES[0], (activity.grade_to or GRADES[-1]) + 1)


def summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the activities among these that the viewer may read now."""
    query = select(Activity.id, Activity.title, Activity.age).where(
        Activity.id.in_([int(key) for key in some]), rules.visible_to(viewer)
    )
    return {
        str(number): Summary(title, f"/{rules.PLUGIN}/{number}", age)
        for number, title, age in db.session.execute(query)
    }


def editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
    """Return the activities among these whose pictures this viewer may change."""
    return frozenset(some) if viewer.can(rules.EDIT) else frozenset()


ACTIVITY = ItemType(
    plugin=rules.PLUGIN,
    kind=rules.KIND,
    label=_l("activities"),
    keys=keys,
    documents=documents,
    summaries=summaries,
    facets=(
        Facet("time", _l("Fits into"), TIMES, ("время", "успеть")),
        Facet("holiday", _l("For a holiday"), LABELS, ("праздник",)),
    ),
    suggested=("technique",),
    editable=editable,
)

WORK = ItemType(
    plugin=rules.PLUGIN,
    kind=gallery_works.KIND,
    label=_l("works in the gallery"),
    keys=items.keys,
    documents=items.documents,
    summaries=items.summaries,
    editable=items.editable,
)
