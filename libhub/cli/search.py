"""``libhub search``: looking into what search does."""

import click

from libhub.accounts.permissions import LIBRARIAN, ROLES
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import Context
from libhub.pages.search.asking import filter_names
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.search.asking.explaining import explain
from libhub.search.asking.search import MAX_LIMIT, SearchRequest
from libhub.search.current import get_index
from libhub.web.visitor import viewer_in_role


@click.group("search", help=str(_l("Look into what search does.")))
def search_group() -> None:
    pass


@search_group.command("explain", help=str(_l("Tell why a query finds what it finds: words, weights, sums.")))
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=10, help=str(_l("How many results.")))
@click.option(
    "--as",
    "role",
    type=click.Choice(list(ROLES)),
    default=LIBRARIAN,
    help=str(_l("Whose rights to search with.")),
)
@click.pass_obj
def search_explain(context: Context, text: str, limit: int, role: str) -> None:
    with context.ready():
        lines = explain(
            get_index(),
            get_registry().item_types,
            viewer_in_role(role),
            state.enabled_plugins(),
            SearchRequest(text, limit=limit),
            filter_names(),
        )
        for line in lines:
            click.echo(line)
