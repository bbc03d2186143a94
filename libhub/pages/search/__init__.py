"""The pages of search: results, the same answers as JSON, suggestions, and what is counted."""
