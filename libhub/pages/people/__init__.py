"""Pages about the people of a school: tables of them, their classes and school years, and everybody's own page."""
