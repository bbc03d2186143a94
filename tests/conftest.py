"""Fixtures that every test may use; they are part of the package, so that plugin authors have them too."""

pytest_plugins = ["libhub.testing"]
