"""What every page goes through: gate, visitor, PC of the reading room, errors, compression; ``rendering`` makes the page.

No page of its own: those are in :mod:`libhub.pages`.
"""
