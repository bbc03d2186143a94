"""Pages about the people of a school: their classes and the beginning of a school year, for staff."""
