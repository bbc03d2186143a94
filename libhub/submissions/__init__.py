"""What people send by forms: done once, kept until it is saved, joined with what others changed. No Flask."""
