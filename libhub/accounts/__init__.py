"""People: accounts, roles and permissions, signing in, sessions, school classes, and who is looking (``Viewer``).

No pages and no request: those who ask say who and from where.
"""
