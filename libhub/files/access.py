"""Who may see and who may change the files of items. Asked on every request, in bulk, and kept nowhere.

A file has no rights of its own: whoever is given the summary of its item may see it.
"""

from collections import defaultdict
from collections.abc import Iterable

from libhub.accounts.viewer import Viewer
from libhub.plugging import calls, state
from libhub.plugging.loading.registry import get_registry
from libhub.search.asking.items import summaries_of
from libhub.search.documents import ItemRef, Summary


def visible(viewer: Viewer, refs: Iterable[ItemRef]) -> frozenset[ItemRef]:
    """Return those items whose files this viewer may see: shown to them by the plugin, or theirs to change."""
    asked = frozenset(_of_enabled(refs))
    shown = summaries_of(get_registry().item_types, viewer, sorted(asked), calls.note_failure)
    return frozenset(shown) & asked | editable(viewer, asked - frozenset(shown))


def item_of(viewer: Viewer, ref: ItemRef) -> Summary | None:
    """Return the item as this viewer sees it; None where it is a draft that only its files' editor knows."""
    return summaries_of(get_registry().item_types, viewer, [ref], calls.note_failure).get(ref)


def editable(viewer: Viewer, refs: Iterable[ItemRef]) -> frozenset[ItemRef]:
    """Return those items whose files this viewer may change. A plugin that fails, or says nothing, says no."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in sorted(set(_of_enabled(refs))):
        keys[ref.plugin, ref.kind].append(ref.key)
    found: set[ItemRef] = set()
    for kind, some in keys.items():
        item_type = get_registry().item_types.get(kind)
        if item_type is None or item_type.editable is None:
            continue
        try:
            answer = item_type.editable(viewer, some)
        except Exception as error:  # noqa: BLE001 - the policy "deny"
            calls.note_failure(item_type.plugin, "editable", error)
            continue
        found.update(ItemRef(*kind, key) for key in answer if key in some)
    return frozenset(found)


def _of_enabled(refs: Iterable[ItemRef]) -> list[ItemRef]:
    enabled = state.enabled_plugins()
    return [ref for ref in refs if ref.plugin in enabled]
