"""``libhub plugins …``: sections are listed, switched on and off; new ones are made and checked."""

from pathlib import Path

import click

from libhub.authoring import checking
from libhub.authoring.scaffold import make_section
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import COMMAND_LINE, Context
from libhub.config import get_config
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.switching import switch


@click.group("plugins", help=str(_l("List sections, switch them on and off, make and check new ones.")))
def plugins_group() -> None:
    pass


@plugins_group.command("list", help=str(_l("List installed sections.")))
@click.pass_obj
def plugins_list(context: Context) -> None:
    with context.ready():
        enabled = state.enabled_plugins()
        for plugin in get_registry().plugins.values():
            standing = _("broken") if plugin.error else _("on") if plugin.id in enabled else _("off")
            version = plugin.manifest.version if plugin.manifest else "—"
            click.echo(
                f"{plugin.id}\t{version}\t{standing}\t{plugin.error or plugin.name(get_config().locale)}"
            )


@plugins_group.command("enable", help=str(_l("Switch a section on, with what it needs.")))
@click.argument("plugin_id", metavar="ID")
@click.pass_obj
def plugins_enable(context: Context, plugin_id: str) -> None:
    _switch(context, plugin_id, enable=True)


@plugins_group.command("disable", help=str(_l("Switch a section off, with what needs it.")))
@click.argument("plugin_id", metavar="ID")
@click.pass_obj
def plugins_disable(context: Context, plugin_id: str) -> None:
    _switch(context, plugin_id, enable=False)


def _switch(context: Context, plugin_id: str, *, enable: bool) -> None:
    with context.ready():
        done = switch(plugin_id, enable=enable, actor=COMMAND_LINE)
    ids = ", ".join(plugin.id for plugin in done.plugins)
    if not ids:
        click.echo(_("Nothing to change."))
    elif enable:
        click.echo(_("Switched on: %(ids)s", ids=ids))
    else:
        click.echo(_("Switched off: %(ids)s", ids=ids))


@plugins_group.command(
    "new", help=str(_l("Make a new section, complete and small, to be changed into what you need."))
)
@click.argument("plugin_id", metavar="ID")
@click.option(
    "--in",
    "parent",
    type=click.Path(path_type=Path, file_okay=False),
    help=str(_l("The folder in which its folder is made; without this, that of the school's own sections.")),
)
@click.pass_obj
def plugins_new(context: Context, plugin_id: str, parent: Path | None) -> None:
    with context.app.app_context():
        if plugin_id in get_registry().plugins:
            where = get_registry().plugins[plugin_id].folder
            raise LibHubError(
                _("There is a section “%(id)s” already, in %(folder)s.", id=plugin_id, folder=where)
            )
        own = get_config().plugin_folder
    folder = make_section(plugin_id, parent.resolve() if parent else own)
    click.echo(_("A new section is in %(folder)s.", folder=folder))
    if folder.parent != own:
        click.echo(_("The hub finds it there with the setting more_plugins = “%(folder)s”.", folder=folder))
    click.echo(_("See it: libhub serve. Check it: libhub plugins check %(folder)s", folder=folder))


@plugins_group.command(
    "check", help=str(_l("Check a section: its manifest, then the contract suite and its own tests."))
)
@click.argument("folder", metavar="PATH", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("options", metavar="[-- PYTEST…]", nargs=-1)
def plugins_check(folder: Path, options: tuple[str, ...]) -> None:
    raise click.exceptions.Exit(checking.check(folder.resolve(), options))
