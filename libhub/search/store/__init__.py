"""The index on disk: how documents become entries, how these are written, and one committed state as arrays.

It is told what to find and by which terms; what somebody meant, and which document is the better answer, it does not know.
"""
