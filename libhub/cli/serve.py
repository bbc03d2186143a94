"""``libhub serve``."""

import click

from libhub import __version__
from libhub.base.db import db
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import Context
from libhub.cli.instance import prepare_instance
from libhub.config import choose_for_this_start, load_config
from libhub.installing import placing
from libhub.pages.sign_in import setup_url
from libhub.serving.server import addresses, open_socket, serve, set_aside_log
from libhub.web.rendering.shell import how_started


@click.command("serve", help=str(_l("Serve the hub; prepares the instance first.")))
@click.option("--host", help=str(_l("Address to listen on; 0.0.0.0 for the whole network.")))
@click.option("--port", type=click.IntRange(1, 65535), help=str(_l("Port to listen on.")))
@click.option("--workers", type=click.IntRange(1, 64), help=str(_l("Processes that answer requests.")))
@click.option(
    "--safe", is_flag=True, help=str(_l("Load no section, for the day when one spoils everything."))
)
@click.option(
    "--reload",
    is_flag=True,
    help=str(_l("For authors: what is edited is in force at once; errors are shown whole.")),
)
@click.pass_obj
def serve_command(
    context: Context, host: str | None, port: int | None, workers: int | None, safe: bool, reload: bool
) -> None:
    for name, chosen in (("safe", safe), ("reload", reload)):
        if chosen:
            choose_for_this_start(name)
    given = {"host": host, "port": port, "workers": workers}
    config = load_config().model_copy(
        update={key: value for key, value in given.items() if value is not None}
    )
    listening = open_socket(config.host, config.port)
    set_aside_log(config)
    if config.instance.is_dir():
        placing.recover(config)
    prepare_instance(context)
    urls = addresses(config.host, config.port)
    with context.app.app_context():
        link, warnings = setup_url(urls[0]), how_started()
        db.session.remove()
        db.engine.dispose()

    def announce() -> None:
        click.echo(_("LibHub %(version)s is running: %(urls)s", version=__version__, urls="  ".join(urls)))
        if len(urls) == 1 and config.host in {"127.0.0.1", "localhost"}:
            click.echo(_("Only this computer can open it. For the whole network: --host 0.0.0.0"))
        if link:
            click.echo(_("Create the administrator's account (once): %(link)s", link=link))
        for warning in warnings:
            click.secho(warning, fg="red", bold=True, err=True)
        click.echo(_("Stop with Ctrl+C."))

    serve(config, listening, announce)
