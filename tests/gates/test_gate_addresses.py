"""Whatever is written into the addresses of the hub."""

from libhub.testing.contract.addresses import *  # noqa: F403 - all of it
