"""What is kept of a person: told, consented to, erased and kept erased. No pages."""
