"""Every section that ships keeps ``libhub.testing.contract.pages``."""

from libhub.testing.contract.pages import *  # noqa: F403 - all of it
