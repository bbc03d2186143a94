"""``libhub plugins …``: sections are listed, switched on and off, made and checked, installed and removed."""

import sys
from pathlib import Path

import click

from libhub.authoring import checking
from libhub.authoring.scaffold import make_section
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.i18n import ngettext
from libhub.base.moments import now
from libhub.cli.context import COMMAND_LINE, Context
from libhub.cli.instance import prepare_instance
from libhub.config import get_config
from libhub.installing import placing
from libhub.installing.candidate import Candidate
from libhub.plugging import state
from libhub.plugging.calls import call_or_fail
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.switching import switch


@click.group("plugins", help=str(_l("List sections, switch them on and off, make, check and install them.")))
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


@plugins_group.command("install", help=str(_l("Install a section from a ZIP file or a folder.")))
@click.argument("source", metavar="FILE.zip|FOLDER")
@click.option("--yes", is_flag=True, help=str(_l("Ask no question.")))
@click.pass_obj
def plugins_install(context: Context, source: str, yes: bool) -> None:
    _bring(context, source, yes, update=False)


@plugins_group.command("update", help=str(_l("Put another version in the place of a section from outside.")))
@click.argument("source", metavar="FILE.zip|FOLDER")
@click.option("--yes", is_flag=True, help=str(_l("Ask no question.")))
@click.pass_obj
def plugins_update(context: Context, source: str, yes: bool) -> None:
    _bring(context, source, yes, update=True)


@plugins_group.command("remove", help=str(_l("Remove a section from outside; its data is kept.")))
@click.argument("plugin_id", metavar="ID")
@click.option(
    "--export", type=click.Path(path_type=Path), help=str(_l("Write its tables into this ZIP file first."))
)
@click.option("--delete-data", is_flag=True, help=str(_l("Delete its tables, settings and files, too.")))
@click.option("--yes", is_flag=True, help=str(_l("Ask no question.")))
@click.pass_obj
def plugins_remove(
    context: Context, plugin_id: str, export: Path | None, delete_data: bool, yes: bool
) -> None:
    with context.ready():
        if not yes:
            click.confirm(
                _("Remove “%(id)s” and delete its data for good?", id=plugin_id)
                if delete_data
                else _("Remove “%(id)s”? Its data is kept.", id=plugin_id),
                abort=True,
            )
        placing.take_away(plugin_id, delete_data=delete_data, export=export)
    click.echo(_("Removed: %(id)s", id=plugin_id))
    _tell_of_renewal()


@plugins_group.command("try", help=str(_l("Prepare a section as a start does, and say whether it works.")))
@click.argument("plugin_id", metavar="ID")
@click.pass_obj
def plugins_try(context: Context, plugin_id: str) -> None:
    prepare_instance(context)
    with context.app.app_context():
        if error := state.get_plugin(plugin_id).error:
            raise LibHubError(error)
    click.echo(_("“%(id)s” works.", id=plugin_id))


@plugins_group.command(
    "periodic", help=str(_l("Do the housekeeping of a section now; a hub does it once an hour."))
)
@click.argument("plugin_id", metavar="ID")
@click.pass_obj
def plugins_periodic(context: Context, plugin_id: str) -> None:
    with context.ready():
        if plugin_id not in get_registry().implementing("periodic"):
            raise LibHubError(_("“%(id)s” has no hook %(name)s.", id=plugin_id, name="periodic"))
        call_or_fail(plugin_id, "periodic", now=now())
    click.echo(_("Done: %(id)s", id=plugin_id))


def _bring(context: Context, source: str, yes: bool, *, update: bool) -> None:
    path = Path(source)
    if not path.exists():
        raise LibHubError(
            _(
                "There is no file or folder %(path)s. A section that is a Python package is installed by: "
                "%(python)s -m pip install %(name)s. The hub finds it at the next start.",
                path=source,
                python=sys.executable,
                name=path.name,
            )
        )
    with context.ready():
        with placing.looked_at(path) as candidate:
            _show(candidate)
            shown = candidate.sha256
        if not yes:
            click.confirm(_("Put it in place? What is in it runs with every right of the hub."), abort=True)
        placed = placing.put_in_place(path, update=update, sha256=shown)
    if placed.former:
        told = _("Updated: %(id)s, %(former)s → %(version)s")
    else:
        told = _("Installed: %(id)s %(version)s")
    click.echo(told % {"id": placed.id, "former": placed.former, "version": placed.version})
    _tell_of_renewal()


def _show(candidate: Candidate) -> None:
    """Say what somebody brings, as far as it can be said without running it."""
    locale, manifest = get_config().locale, candidate.manifest
    click.echo(f"{manifest.name.in_locale(locale)} ({manifest.id} {manifest.version})")
    click.echo(manifest.description.in_locale(locale))
    click.echo(f"SHA-256: {candidate.sha256}")
    if manifest.requires:
        click.echo(_("needs: %(ids)s", ids=", ".join(manifest.requires)))
    number = len(candidate.files)
    click.echo(ngettext("%(num)d file:", "%(num)d files:", number))
    for name, size in candidate.files.items():
        click.echo(f"  {name}\t{size}")
    for name in candidate.left:
        click.echo("  " + _("not taken along: %(name)s", name=name))
    click.echo(_("Which permissions it declares is known only when it runs."))


def _tell_of_renewal() -> None:
    click.echo(_("A hub that runs takes it up by itself within a minute; nobody is interrupted."))
