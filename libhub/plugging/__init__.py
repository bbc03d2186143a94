"""The seam between the core and its sections: manifests, loading, hooks and their answers, what is on, their settings and tables.

Sections are called here and nowhere else. No pages.
"""
