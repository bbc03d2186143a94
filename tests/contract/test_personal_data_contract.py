"""Every section that ships keeps ``libhub.testing.contract.personal_data``."""

from libhub.testing.contract.personal_data import *  # noqa: F403 - all of it
