"""Every section that ships keeps ``libhub.testing.contract.tables``."""

from libhub.testing.contract.tables import *  # noqa: F403 - all of it
