"""The people of a school in numbers: in and out by tables, their user names and passwords by rules. No pages."""
