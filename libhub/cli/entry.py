"""Running the command line. Every error is one clear line and a non-zero exit."""

import gettext as python_gettext
import logging
import os
import sys
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from libhub.base.errors import LibHubError
from libhub.base.i18n import CATALOG_FOLDER, DEFAULT_LOCALE
from libhub.base.i18n import gettext as _
from libhub.cli.hub import cli

logger = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the exit code is 0 only when all went well."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    _translate_click()
    try:
        sys.exit(cli.main(args=arguments, prog_name="libhub", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        _fail(_("Stopped."), 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (LibHubError, OSError) as error:
        _fail(str(error), 1)
    except SQLAlchemyError as error:
        logger.exception("database error on the command line")
        _fail(_("The database cannot be used: %(error)s", error=getattr(error, "orig", None) or error), 1)
    except Exception as error:
        logger.exception("unexpected error on the command line")
        _fail(
            _("Unexpected error, written in the log: %(error)s", error=f"{type(error).__name__}: {error}"), 1
        )


def _translate_click() -> None:
    """Let click say "Usage" or "No such option" in the hub's language: it asks Python's own gettext."""
    os.environ["LANGUAGE"] = DEFAULT_LOCALE
    python_gettext.bindtextdomain("click", CATALOG_FOLDER)
    python_gettext.textdomain("click")


def _fail(message: str, code: int) -> None:
    click.echo(_("Error: %(message)s", message=message), err=True)
    sys.exit(code)
