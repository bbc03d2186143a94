"""Search: from what sections let be found to a page of results.

Here stand the values that its parts and the rest of the hub say to each other, and the counts of what was searched. How
words are understood is in ``language``, the index on disk in ``store``, how a typed text is answered in ``asking``; each of
them knows only those named before it.
"""
