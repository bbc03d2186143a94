"""Every section that ships keeps ``libhub.testing.contract.off``."""

from libhub.testing.contract.off import *  # noqa: F403 - all of it
