"""Every form of the core and of every section that ships keeps ``libhub.testing.contract.editors``."""

from libhub.testing.contract.editors import *  # noqa: F403 - all of it
