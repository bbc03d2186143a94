"""The people of a school: what the hub does with their accounts beyond single ones. No pages."""
