"""From what somebody typed to what this visitor may see of it: the language, the index on disk, the asking.

No pages; sections reach it by the values of :mod:`libhub.search.documents`.
"""
