"""Calendars of other programs: iCalendar out and in. No pages."""
