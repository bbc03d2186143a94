"""Every form of the core and of every section that ships keeps ``libhub.testing.contract.forms.editors``."""

from libhub.testing.contract.forms.editors import *  # noqa: F403 - all of it
