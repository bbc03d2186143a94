"""What sections share beyond the core itself, written once. It knows the web, and no section."""
