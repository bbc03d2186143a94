"""What search knows of the language: words, their forms, keyboards and slips. Nothing here knows of documents or an index."""
