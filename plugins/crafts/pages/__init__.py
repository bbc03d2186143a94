"""Pages of the workshop: each reads the request, asks the rules, and renders."""
