"""Sections from outside: looked at, checked, put in place, tried, taken away again, and what is kept of them. No pages.

Nothing of a section is imported here: it is tried in a process of its own.
"""
