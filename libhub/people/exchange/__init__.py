"""People in and out by tables: what the columns are, who is meant by a line, what would be done, user names by a rule. No pages."""
