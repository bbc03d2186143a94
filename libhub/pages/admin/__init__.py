"""Pages of the staff: people and their data, sections, settings, report, searches, synonyms, reading room, change log, components."""
