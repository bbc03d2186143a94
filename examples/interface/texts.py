"""Texts in two languages."""

from libhub.api import current_locale, lazy_gettext, ngettext

KINDS = {"news": lazy_gettext("News")}  # read in the language of whoever reads it

assert current_locale() in {"ru", "en"}
assert ngettext("%(num)d book", "%(num)d books", 3).startswith("3 ")
assert str(KINDS["news"])
