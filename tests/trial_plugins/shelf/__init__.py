"""A section whose items have files: of every visibility and age mark, published or not. For tests."""
