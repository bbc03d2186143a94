"""Pages about the people of a school."""
