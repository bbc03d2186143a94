"""No page escapes the gates: every address of the hub has an example, or a reason for having none."""

from libhub.testing.contract.every_page import *  # noqa: F403 - all of it
