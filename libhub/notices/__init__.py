"""What the hub, or a section of it, has to tell one person. No pages."""
