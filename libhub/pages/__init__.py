"""The core's own pages, by what a visitor opens; ``admin`` has those of the staff.

Thin: each reads the request, asks, and renders. Nothing below imports a page.
"""
