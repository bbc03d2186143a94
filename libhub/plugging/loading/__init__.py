"""Sections at the start: found by their manifests, imported, checked, their tables brought up to date; who is left out.

What they do while the hub serves goes through the rest of the seam.
"""
