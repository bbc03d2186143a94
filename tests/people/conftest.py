"""Fixtures of the tests about the people of a school."""
