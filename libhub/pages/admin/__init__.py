"""Pages of the staff: sections, people, settings, reading room, searches, report, change log, components."""
