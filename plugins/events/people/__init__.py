"""Who comes: signing up, attendance, reminders, what a changed event means for them, what is kept of a person. No pages."""
