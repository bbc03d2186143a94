"""Fixtures that every test may use; they are part of the package, so that authors of sections have them, too."""

pytest_plugins = ["libhub.testing", "libhub.testing.browser"]
