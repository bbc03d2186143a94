"""Pages about people that are for everybody: one's own page, and by what a browser is known again."""
