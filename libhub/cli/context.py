"""What the commands share: the application, and in whose name it is changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from flask import Flask
from sqlalchemy import inspect

from libhub.app import create_app
from libhub.base.audit import Actor, acting_as
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.config import load_config
from libhub.plugging.loading import migrations
from libhub.plugging.loading.registry import get_registry

COMMAND_LINE = Actor(None, "libhub")


class Context:
    """What the commands share: the application, built when a command first needs it."""

    @cached_property
    def app(self) -> Flask:
        """The application of the instance."""
        return create_app(load_config())

    @contextmanager
    def ready(self) -> Iterator[Flask]:
        """Enter the application, its schema checked; changes are logged as made by the command line.

        :raises LibHubError: the instance was not set up, or its database has to be upgraded first.
        """
        with self.app.app_context(), acting_as(COMMAND_LINE):
            if not inspect(db.engine).get_table_names():
                raise LibHubError(_("There is no hub in this folder yet. Run: libhub setup"))
            if migrations.pending(get_registry(), db.engine):
                raise LibHubError(_("The instance is not up to date. Run: libhub upgrade"))
            yield self.app
