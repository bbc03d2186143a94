"""What search may know of activities."""

from libhub.api import Facet, ItemType, Searched, item_type, sentences
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import rules
from plugins.crafts.gallery import gallery_works, items
from plugins.crafts.holidays import HOLIDAYS, LABELS
from plugins.crafts.models import Activity, ActivityMaterial
from plugins.crafts.vocabulary import KINDS, SEASONS, TIMES


def _searched(activity: Activity) -> Searched:
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
    return Searched(
        sentences(*texts),
        "\n".join(keywords),
        {
            "kind": [activity.kind],
            "time": times,
            "difficulty": [str(activity.difficulty)],
            "material": sorted({row.label for row in activity.materials}),
            "holiday": activity.tagged("holiday"),
            "season": activity.tagged("season"),
            "technique": activity.tagged("technique"),
            "grade": [str(grade) for grade in activity.grades],
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


ACTIVITY = item_type(
    Activity,
    label=_l("activities"),
    searched=_searched,
    facets=(
        Facet("time", _l("Fits into"), TIMES, ("время", "успеть")),
        Facet("holiday", _l("For a holiday"), LABELS, ("праздник",)),
    ),
    suggested=("technique",),
    editors=rules.EDIT,
)

WORK = ItemType(
    plugin=rules.PLUGIN,
    kind=gallery_works.KIND,
    label=_l("works in the gallery"),
    keys=items.keys,
    documents=items.documents,
    summaries=items.summaries,
    editable=items.editable,
    numbered=True,
)
