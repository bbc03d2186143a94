"""For those who work on LibHub: vendored files, catalogues of texts. Not in the wheel."""
