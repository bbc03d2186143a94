"""People and classes."""

from libhub.api import parse_class, people

assert str(parse_class(" 5 а ")) == "5А"
assert [person.name for person in people()] == []
