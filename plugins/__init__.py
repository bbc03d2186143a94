"""The sections of the hub, one folder each; ``instance/plugins`` is joined to this package at start."""

OWNER = "libhub"
"""By which the hub knows its own package from one of the same name that another program brought."""
