"""What the hub keeps of a pupil, for people of every relation."""

from libhub.testing.contract.strangers import *  # noqa: F403 - all of it
