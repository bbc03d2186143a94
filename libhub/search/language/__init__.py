"""What is known of words: forms of one word, slips of the keyboard, Russian in Latin letters.

Nothing here knows of an index, a database or a visitor: texts go in, words and numbers come out.
"""
