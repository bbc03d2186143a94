"""What people sign in by: first passwords, slips on paper, QR cards, pictures. No pages."""
