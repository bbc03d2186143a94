"""The command line: one module for each subject. Nothing is decided here that a page could not decide as well."""

from libhub.cli.author import makemigration, texts
from libhub.cli.doctor import doctor
from libhub.cli.entry import main
from libhub.cli.hub import cli
from libhub.cli.instance import reindex, setup, upgrade_command
from libhub.cli.plugins import plugins_group
from libhub.cli.search import search_group
from libhub.cli.serve import serve_command
from libhub.cli.slips import users_slips
from libhub.cli.users import users_group

for command in (
    setup,
    serve_command,
    upgrade_command,
    reindex,
    doctor,
    plugins_group,
    users_group,
    search_group,
    makemigration,
    texts,
):
    cli.add_command(command)
users_group.add_command(users_slips)

__all__ = ["cli", "main"]
