"""A person's way: progress, quizzes, tasks, certificates, learning elsewhere, and who is where. No pages."""
