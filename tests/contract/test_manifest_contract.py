"""Every section that ships keeps ``libhub.testing.contract.manifest``."""

from libhub.testing.contract.manifest import *  # noqa: F403 - all of it
