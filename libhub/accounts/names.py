"""Names of people and of accounts as they are compared: «Пётр» is «Петр», and nobody sees which A was typed."""

from libhub.base.lookalikes import unmixed
from libhub.base.text import one_line


def folded_name(name: str) -> str:
    """Return a name as it is sorted and looked for: small letters, ё as е, Russian letters for their look-alikes."""
    return unmixed(one_line(name)).lower().replace("ё", "е")[:200]


def folded_login(username: str) -> str:
    """Return a user name as it is compared: small letters, ё as е."""
    return username.strip().lower().replace("ё", "е")[:80]
