"""Who comes: registration, attendance, reminders, what is kept of a person. No pages."""
