"""Files of things: received, judged, kept once, attached, read for their words (see ``uploads`` for the way of one).

Rights are those of the thing. No pages; readers of formats are in ``extraction`` and run in a process of their own.
"""
