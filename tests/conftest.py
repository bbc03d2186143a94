"""Fixtures that every test may use; they are part of the package, so that authors of sections have them, too."""

from hypothesis import settings

pytest_plugins = ["libhub.testing", "libhub.testing.browser"]

# no test is timed: the computer may be doing something else
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
