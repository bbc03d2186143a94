"""What people do in courses and elsewhere: their way, progress, quizzes, tasks, certificates; assigning, reminding. No pages."""
