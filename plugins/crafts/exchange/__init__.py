"""Activities that travel between hubs as archives. No pages."""
