"""Every address of the hub, with every age mark and without one."""

from libhub.testing.contract.ages import *  # noqa: F403 - all of it
