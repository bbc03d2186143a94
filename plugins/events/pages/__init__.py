"""Pages of the calendar: each reads the request, asks the rules, and renders."""
