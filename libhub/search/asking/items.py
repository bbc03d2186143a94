"""What sections say of their items: how these may be narrowed, who may find them, how they look now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from libhub.accounts.permissions import AGE_MARKS
from libhub.accounts.viewer import Viewer
from libhub.search.documents import Facet, ItemRef, ItemType, NoteFailure, Summary
from libhub.search.queries import Scope


def facets_of(item_types: Collection[ItemType]) -> dict[str, Facet]:
    """Return the facets that these kinds of items declare, by name; equal names are one facet."""
    merged: dict[str, Facet] = {}
    for item_type in item_types:
        for facet in item_type.facets:
            known = merged.get(facet.name)
            values = {**known.values, **facet.values} if known else facet.values
            names = (*(known.also_called if known else ()), *facet.also_called)
            merged[facet.name] = Facet(facet.name, facet.label, values, names)
    return merged


def scope_of(viewer: Viewer, plugins: Collection[str]) -> Scope:
    """Return what this viewer may find of these plugins."""
    ages = frozenset(age for age in (None, *AGE_MARKS) if viewer.old_enough(age))
    return Scope(frozenset(plugins), viewer.labels, ages)


def summaries_of(
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    refs: Iterable[ItemRef],
    note_failure: NoteFailure,
) -> dict[ItemRef, Summary]:
    """Ask the plugins what of these items this viewer may see now; a plugin that fails says no."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in refs:
        keys[ref.plugin, ref.kind].append(ref.key)
    summaries: dict[ItemRef, Summary] = {}
    for (plugin, kind), some in keys.items():
        if (plugin, kind) not in item_types:
            continue  # a kind that the plugin no longer has; the indexer is about to remove it
        try:
            found = item_types[plugin, kind].summaries(viewer, some)
        except Exception as error:  # noqa: BLE001 - the policy "deny"
            note_failure(plugin, "summaries", error)
            continue
        summaries.update((ItemRef(plugin, kind, key), summary) for key, summary in found.items())
    return summaries
