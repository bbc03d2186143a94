"""Pages about the people of a school: whose child is whose."""
