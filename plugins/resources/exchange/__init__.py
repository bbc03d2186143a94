"""The directory from and to files: tables, bookmarks, and carrying them in. No pages."""
