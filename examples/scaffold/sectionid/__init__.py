"""Sectionid: short notes of the library, which search finds."""
