"""Training: courses for the staff of the school."""
