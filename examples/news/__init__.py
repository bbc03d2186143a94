"""News: what the library tells its readers, with a picture and files, until a day."""
