"""The people of a school as the librarian works with them: classes, and the beginning of a school year. No pages."""
