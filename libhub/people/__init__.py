"""The people of a school as their librarian handles them: slips with passwords, cards and pictures to sign in by.

No pages. Accounts themselves, classes and who belongs to whom are in :mod:`libhub.accounts`.
"""
