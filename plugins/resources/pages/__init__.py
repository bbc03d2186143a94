"""Pages of the directory: each reads the request, asks the rules, and renders."""
