"""Reading files behind the scenes: what waits, the process that reads, what search gets of it.

Nothing here knows a format: that is ``extraction``.
"""
