"""The sections of the hub, one folder each; ``instance/plugins`` is joined to this package at start."""
