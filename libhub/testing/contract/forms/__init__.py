"""Forms of every page of a section: refused in words, done once, joined with what others change, lost by nobody."""
