"""Courses from and to files that may be hostile. No pages."""
