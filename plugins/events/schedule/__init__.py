"""When things happen: repetition, series, days worked out, the school year, what a calendar shows. No pages."""
