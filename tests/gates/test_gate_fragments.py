"""Every address of the hub as a fragment."""

from libhub.testing.contract.fragments import *  # noqa: F403 - all of it
