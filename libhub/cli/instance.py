"""``libhub setup``, ``upgrade``, ``reindex``: making an instance ready."""

import sys

import click

from libhub.base.audit import acting_as
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.i18n import ngettext
from libhub.cli.context import COMMAND_LINE, Context
from libhub.config import load_config
from libhub.installation import indexer, prepare, upgrade
from libhub.kit.progress import progress_bar
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.search.store.time_limit import Patience


@click.command(help=str(_l("Prepare the instance: folder, database, starter content. Safe to repeat.")))
@click.option("--yes", is_flag=True, help=str(_l("Ask no question.")))
@click.pass_obj
def setup(context: Context, yes: bool) -> None:
    config = load_config()
    if not yes and not config.instance.exists():
        click.confirm(_("Create a new instance in %(path)s?", path=config.instance), abort=True)
    prepare_instance(context)
    click.echo(_("The instance in %(path)s is ready. Start it with: libhub serve", path=config.instance))


def prepare_instance(context: Context) -> None:
    """Make the instance ready and say what was done."""
    with acting_as(COMMAND_LINE), progress_bar(_("Indexing")) as progress:
        done = prepare(context.app, progress)
    if done.upgraded:
        click.echo(_("Database upgraded: %(ids)s", ids=", ".join(done.upgraded)))
    if done.filled:
        click.echo(_("Starter content loaded: %(ids)s", ids=", ".join(done.filled)))
    if done.erased.again:
        click.echo(
            ngettext(
                "An older copy of the database was restored: %(num)d person who had been erased was erased once more.",
                "An older copy of the database was restored: %(num)d people who had been erased were erased once more.",
                done.erased.again,
            )
        )
    for problem in done.erased.problems:
        click.echo(problem, err=True)
    _tell_left_out(context)


def _tell_left_out(context: Context) -> bool:
    """Name the sections that could not be made ready; say whether there are any that are wanted."""
    with context.app.app_context():
        registry = get_registry()
        stored = state.states(registry.plugins)
        left_out = {
            plugin_id: reason
            for plugin_id, reason in registry.left_out().items()
            if state.is_wanted(registry.plugins[plugin_id], stored.get(plugin_id))
        }
    for plugin_id, reason in left_out.items():
        click.echo(_("The section “%(id)s” is left out: %(error)s", id=plugin_id, error=reason), err=True)
    return bool(left_out)


@click.command("upgrade", help=str(_l("Bring the database up to date with the program.")))
@click.pass_obj
def upgrade_command(context: Context) -> None:
    with context.app.app_context(), acting_as(COMMAND_LINE):
        done = upgrade()
    if done:
        click.echo(_("Upgraded: %(ids)s", ids=", ".join(done)))
    if _tell_left_out(context):
        sys.exit(1)
    if not done:
        click.echo(_("Everything is up to date."))


@click.command(help=str(_l("Build the search index anew from the database.")))
@click.pass_obj
def reindex(context: Context) -> None:
    with context.ready(), progress_bar(_("Indexing")) as progress:
        kinds = Patience(context.app).kinds(get_registry().item_types)
        number = indexer(kinds).rebuild(progress)
        click.echo(ngettext("%(num)d item indexed.", "%(num)d items indexed.", number))
