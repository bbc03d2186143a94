"""A new school year: all classes one grade up, the last ones out. ``plan`` says what would be done, ``promoting`` does it,
``undoing`` takes it back for a month."""
