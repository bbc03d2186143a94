"""Every section that ships keeps ``libhub.testing.contract.texts``."""

from libhub.testing.contract.texts import *  # noqa: F403 - all of it
