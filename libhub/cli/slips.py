"""``libhub users slips``: slips of a class as a file that is printed from a browser."""

import os
from pathlib import Path

import click
from flask import Flask, current_app
from markupsafe import Markup

from libhub.accounts import classes
from libhub.accounts.school_class import parse_class
from libhub.base.errors import LibHubError
from libhub.base.i18n import current_locale, ngettext
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import Context
from libhub.config import get_config
from libhub.pages.people.printed_slips import ON_A_PAGE, printed, tidy_address
from libhub.people import slips
from libhub.people.slips import MOST_PARENTS, Slip, Wanted
from libhub.plugging import settings
from libhub.serving.server import addresses


@click.command(
    "slips", help=str(_l("Give a class new passwords and cards, and write its slips into a file to print."))
)
@click.option("--class", "school_class", required=True, help=str(_l("Class of the pupils, such as 5А.")))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=str(_l("The file, HTML; without it one in this folder.")),
)
@click.option(
    "--parents",
    type=click.IntRange(0, MOST_PARENTS),
    default=0,
    help=str(_l("So many codes for the parents of each pupil.")),
)
@click.option("--address", default="", help=str(_l("Address of the hub as pupils type it.")))
@click.pass_obj
def users_slips(context: Context, school_class: str, out: Path | None, parents: int, address: str) -> None:
    with context.ready() as app:
        name = parse_class(school_class)
        found = classes.class_named(name) if name else None
        if found is None:
            raise LibHubError(_("There is no such class."))
        target = out or Path(f"slips-{found.name}.html")
        site = tidy_address(address) or _usual_address()
        people = [user.id for user in classes.members([found.id])]
        try:
            with target.open("x", encoding="utf-8", opener=_for_me_alone) as file:
                made = list(slips.all_at_once(people, Wanted(parents=parents), str(app.secret_key)))
                file.write(_text(app, made, site))
        except FileExistsError as error:
            raise LibHubError(_("There is such a file already: %(path)s", path=target)) from error
        except OSError as error:
            raise LibHubError(
                _(
                    "The file %(path)s cannot be written: %(error)s",
                    path=target,
                    error=error.strerror or error,
                )
            ) from error
        click.echo(ngettext("%(num)d slip: %(path)s", "%(num)d slips: %(path)s", len(made), path=target))
        click.echo(_("Print the file and delete it: the passwords stand in it."))


def _usual_address() -> str:
    """Return the address that the settings say, else the one by which others on the network reach the hub."""
    config = get_config()
    return (
        tidy_address(settings.get_setting(settings.CORE, "hub_address"))
        or addresses(config.host, config.port)[-1]
    )


def _text(app: Flask, made: list[Slip], site: str) -> str:
    css = (Path(current_app.static_folder or "") / "slips.css").read_text(encoding="utf-8")
    return app.jinja_env.get_template("people/slips_file.html").render(
        items=list(printed(made, site)),
        on_a_page=ON_A_PAGE,
        site=site,
        css=Markup(css),  # noqa: S704 - the hub's own
        library_name=settings.get_setting(settings.CORE, "library_name") or "LibHub",
        locale=current_locale(),
    )


def _for_me_alone(path: str, flags: int) -> int:
    """Open a file that only its owner reads: there are passwords in it."""
    return os.open(path, flags, 0o600)
