"""From a typed text to an answer: ``search`` is the row of steps, the other modules are what single steps know.

Nothing here reads or writes a file of the index, and nothing knows a page or a request of the web.
"""
