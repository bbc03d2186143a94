"""Pages about the people of the school, and those on which pupils come in without a password."""
