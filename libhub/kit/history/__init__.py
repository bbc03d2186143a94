"""What became of a thing: read from the audit log in people's words, and brought back from it. No pages.

``words`` tells columns and values, ``setting_changes`` settings, ``differences`` what changed in a text, ``subjects`` what
the log knows of rows and makes rows of it again, ``reading`` makes the changes that a page shows, ``reverting`` brings
something back.
"""
