"""Works of pupils and teachers: sent, approved, shown, liked, taken back. No pages."""
