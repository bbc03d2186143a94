"""The people of a school many at a time: first passwords, tables in and out, slips, and what pupils sign in by besides a password.

No pages. Accounts themselves, classes and who belongs to whom are in :mod:`libhub.accounts`.
"""
