"""Every form of the core and of every section that ships keeps ``libhub.testing.contract.forms``."""

from libhub.testing.contract.forms import *  # noqa: F403 - all of it
