"""The PCs of the reading room: which they are, and what holds on them. No pages."""
