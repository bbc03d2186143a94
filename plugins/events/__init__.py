"""The calendar: events, who comes, rooms, memorable dates."""
