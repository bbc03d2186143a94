"""The directory from and to files: tables as CSV and XLSX, bookmarks, importing them. No pages."""
