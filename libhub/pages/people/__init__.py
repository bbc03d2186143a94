"""Pages about the people of a school: tables of them, slips, classes and school years, signing in without a password, and
everybody's own page.
"""
