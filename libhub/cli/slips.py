"""``libhub users slips``: slips of a class as a file that is printed from a browser."""

from pathlib import Path

import click
from flask import Flask, current_app
from markupsafe import Markup

from libhub.accounts import classes
from libhub.accounts.models import SchoolClass
from libhub.accounts.school_class import parse_class
from libhub.base.errors import LibHubError
from libhub.base.i18n import current_locale, ngettext
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.cli.context import Context
from libhub.config import get_config
from libhub.pages.people.printed_slips import ON_A_PAGE, printed, tidy_address
from libhub.people.credentials import slips
from libhub.people.credentials.slips import MOST_PARENTS, Slip, Wanted
from libhub.plugging import settings
from libhub.serving.server import addresses


@click.command(
    "slips", help=str(_l("Give classes new passwords and cards, and write their slips into a file to print."))
)
@click.option("--class", "names", multiple=True, help=str(_l("A class, such as 5А; may be said many times.")))
@click.option("--every-class", is_flag=True, help=str(_l("All classes of the school.")))
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
def users_slips(
    context: Context, names: tuple[str, ...], every_class: bool, out: Path | None, parents: int, address: str
) -> None:
    with context.ready() as app:
        chosen = classes.every_class() if every_class else [_class(name) for name in names]
        people = [user.id for user in classes.members(each.id for each in chosen)]
        if not people:
            raise LibHubError(_("There is nobody to print slips for. Choose people or a class."))
        target = out or Path("slips.html" if len(chosen) > 1 else f"slips-{chosen[0].name}.html")
        try:
            target.touch(mode=0o600, exist_ok=False)  # there are passwords in it
        except FileExistsError as error:
            raise LibHubError(_("There is such a file already: %(path)s", path=target)) from error
        made: list[Slip] = []
        try:
            made.extend(slips.all_at_once(people, Wanted(parents=parents), str(app.secret_key)))
        finally:  # whoever is interrupted has the slips of those who got a new password
            if made:
                target.write_text(
                    _text(app, made, tidy_address(address) or _usual_address()), encoding="utf-8"
                )
            else:
                target.unlink()
        click.echo(ngettext("%(num)d slip: %(path)s", "%(num)d slips: %(path)s", len(made), path=target))
        click.echo(_("Print the file and delete it: the passwords stand in it."))


def _class(typed: str) -> SchoolClass:
    name = parse_class(typed)
    found = classes.class_named(name) if name else None
    if found is None:
        raise LibHubError(_("There is no class “%(name)s”.", name=typed))
    return found


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
        style=Markup("<style>%s</style>") % Markup(css),  # noqa: S704 - the hub's own; no page: a file that stands alone
        library_name=settings.get_setting(settings.CORE, "library_name") or "LibHub",
        locale=current_locale(),
    )
