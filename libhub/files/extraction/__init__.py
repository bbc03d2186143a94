"""Words and readable pages out of files. Runs in a process of its own: ``python -m libhub.files.extraction``.

It imports nothing of the hub but this package, so that it starts quickly and knows no database and no secret.
"""
