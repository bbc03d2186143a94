"""The people of a school many at a time: tables in and out, first user names and passwords, slips, cards and pictures to sign in
by, the beginning of a school year. No pages. Accounts themselves, classes and who belongs to whom are in :mod:`libhub.accounts`.
"""
