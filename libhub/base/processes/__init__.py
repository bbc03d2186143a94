"""Processes of the operating system: what one owes to the one that started it, and what all code of one shares."""
