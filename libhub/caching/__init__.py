"""Values that are worked out once and hold until what they came from changes, and writes that nobody waits for.

What is remembered, and what it depends on, is decided by those who ask; nothing here knows what the values are.
"""
