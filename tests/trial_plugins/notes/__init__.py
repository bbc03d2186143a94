"""A section as small as possible that writes and is found: for tests and measurements of the whole way."""
