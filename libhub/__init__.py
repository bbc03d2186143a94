"""LibHub: the intranet of a school library, a small core to which plugins add the sections."""

__version__ = "0.1.0"
