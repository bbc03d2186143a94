"""What authors of sections run while they write: migrations from models, texts to be translated."""

from pathlib import Path

import click

from libhub.authoring.revisions import write_revision
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import Context
from libhub.plugging.loading.manifest import read_manifest
from libhub.plugging.loading.registry import get_registry


@click.command(
    "makemigration", help=str(_l("Write the next migration of a section from what changed in its models."))
)
@click.argument("plugin_id", metavar="ID")
@click.argument("what", metavar="WHAT")
@click.pass_obj
def makemigration(context: Context, plugin_id: str, what: str) -> None:
    with context.app.app_context():
        plugin = get_registry().plugins.get(plugin_id)
        if plugin is None:
            raise LibHubError(_("There is no section “%(id)s”. Run: libhub plugins list", id=plugin_id))
        written = write_revision(plugin, what)
    if written is None:
        click.echo(_("Nothing changed: the migrations make what the models say."))
    else:
        click.echo(_("Written: %(path)s. Read it, then run: libhub upgrade", path=written))


@click.command(
    "texts", help=str(_l("Bring the catalogue of a section up to date with its texts, and compile it."))
)
@click.argument("folder", metavar="PATH", type=click.Path(path_type=Path, exists=True, file_okay=False))
def texts(folder: Path) -> None:
    from libhub.authoring.catalogs import (  # babel's readers of sources, for authors
        Source,
        compile_texts,
        update,
    )

    read_manifest(folder.resolve())
    source = Source.of_section(folder.resolve())
    waiting = update(source)
    compile_texts(source)
    for text in waiting:
        click.echo(text)
    if waiting:
        click.echo(_("These texts wait for a translation in %(path)s", path=source.po_file))
    else:
        click.echo(_("Every text is translated."))
