"""The people of a school: in and out by tables, their first names of accounts and passwords, the beginning of a school year. No
pages.
"""
