"""The command ``libhub``; below it stand the commands of the core and those of the plugins."""

import click

from libhub import __version__
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import Context
from libhub.config import get_config
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry


class Hub(click.Group):
    """The commands of the core; any other name is a plugin that has commands of its own."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of the core, else the group of a plugin."""
        known = super().get_command(ctx, cmd_name)
        if known is not None or not cmd_name.isidentifier():
            return known
        context = ctx.ensure_object(Context)
        with context.app.app_context():
            plugin = get_registry().plugins.get(cmd_name)
            if plugin is None or not plugin.commands:
                return None
            return _plugin_group(cmd_name, plugin.commands, plugin.description(get_config().locale))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the core's commands and the plugins that have some."""
        try:
            with ctx.ensure_object(Context).app.app_context():
                plugins = get_registry().working()
        except LibHubError:
            plugins = []  # a wrong setting is told by the command itself; --help works nevertheless
        return sorted([*super().list_commands(ctx), *(plugin.id for plugin in plugins if plugin.commands)])


def _plugin_group(plugin_id: str, commands: list[click.Command], help_text: str) -> click.Group:
    @click.pass_obj
    def enter(context: Context) -> None:
        click.get_current_context().with_resource(context.ready())
        if plugin_id not in state.enabled_plugins():
            raise LibHubError(_("The section “%(id)s” is switched off.", id=plugin_id))

    group = click.Group(plugin_id, callback=enter, help=help_text)
    for command in commands:
        group.add_command(command)
    return group


@click.group(cls=Hub, help=str(_l("LibHub, the intranet of a school library.")))
@click.version_option(
    __version__, prog_name="LibHub", message="%(prog)s %(version)s", help=str(_l("Show the version."))
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    ctx.ensure_object(Context)
