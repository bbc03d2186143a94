"""Every section that ships keeps ``libhub.testing.contract.templates``."""

from libhub.testing.contract.templates import *  # noqa: F403 - all of it
