"""Days and moments."""

from libhub.api import now, school_zone, today

assert now().astimezone(school_zone()).date() == today()
