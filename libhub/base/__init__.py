"""What everything stands on: database, audit log, errors, texts, the clock, what a value was made from.

Nothing here knows of accounts, search, sections or pages.
"""
