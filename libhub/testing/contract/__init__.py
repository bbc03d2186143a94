"""What every section is held against: tests that run over one section, wherever it lies.

``section`` has the fixtures: ``folder`` is the section, ``tests_folder`` where its ``factory.py`` and ``examples.py``
are. ``pytest --libhub-plugin PATH`` runs all of it; the hub's own tests run it over the sections that ship.
"""
