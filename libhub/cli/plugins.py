"""``libhub plugins …``: sections are listed, switched on and off."""

import click

from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import COMMAND_LINE, Context
from libhub.config import get_config
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.switching import switch


@click.group("plugins", help=str(_l("List sections and switch them on and off.")))
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
