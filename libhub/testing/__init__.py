"""For tests of the hub and of sections: fixtures, a browser. Usable from outside: ``pytest_plugins = ["libhub.testing"]``.

Nothing that serves imports it.
"""

from libhub.base.audit import PROGRAM
from libhub.plugging.settings import change_settings
from libhub.testing.fake_plugins import fake_plugin
from libhub.testing.fixtures import (
    app,
    config_of,
    index_now,
    instance,
    keep_only,
    make_app,
    no_network,
    prepared_instance,
    release,
)
from libhub.testing.pressing import change_many, form_of, press
from libhub.testing.queries import QueryLog, counted_queries, forget_remembered
from libhub.testing.servers import LiveServer, free_port, run_libhub, serving, two_workers
from libhub.testing.slow_work import nobody_waits, slow_work
from libhub.testing.visitors import PASSWORD, as_viewer, client, cookie_name, sign_in, viewer_with

__all__ = [
    "PASSWORD",
    "PROGRAM",
    "LiveServer",
    "QueryLog",
    "app",
    "as_viewer",
    "change_many",
    "change_settings",
    "client",
    "config_of",
    "cookie_name",
    "counted_queries",
    "fake_plugin",
    "forget_remembered",
    "form_of",
    "free_port",
    "index_now",
    "instance",
    "keep_only",
    "make_app",
    "no_network",
    "nobody_waits",
    "prepared_instance",
    "press",
    "release",
    "run_libhub",
    "serving",
    "sign_in",
    "slow_work",
    "two_workers",
    "viewer_with",
]
