"""Finding something to do: by filters, by what is there, for the nearest holidays. No pages."""
