"""Pages of training: each reads the request, asks the rules, and renders."""
