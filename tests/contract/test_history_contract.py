"""Every section that ships keeps ``libhub.testing.contract.history``."""

from libhub.testing.contract.history import *  # noqa: F403 - all of it
