"""Courses and lessons: what may be saved, for whom they are, their texts and versions. No pages."""
