"""What is printed of slips: the same on the sheet's page and in the file that the command line writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from libhub.people.credentials import cards
from libhub.people.credentials.pictures import PICTURES
from libhub.people.credentials.slips import Slip
from libhub.web.rendering.assets import static_folder
from libhub.web.rendering.qr import qr_code

ON_A_PAGE: Final = 10
CHILDREN_PATH: Final = "/me/children/join"
"""Where a parent types the code of a child."""


@dataclass(frozen=True)
class PrintedSlip:
    """One slip to cut out: of a person, or of a parent, who has only a code."""

    slip: Slip
    code: str = ""
    qr: Markup | None = None

    @property
    def pictures(self) -> list[tuple[str, Markup]]:
        """The pictures to sign in by: word and drawing."""
        return [] if self.code else [(str(PICTURES[name]), drawn(name)) for name in self.slip.pictures]


def printed(slips: Iterable[Slip], address: str) -> Iterator[PrintedSlip]:
    """Yield what is cut out, a child's slip and behind it those of its parents.

    :param address: that of the hub, as people type it.
    """
    for slip in slips:
        if slip.password:
            qr = qr_code(f"{address}{cards.PATH}{slip.card}") if slip.card else None
            yield PrintedSlip(slip, qr=qr)
        for code in slip.parent_codes:
            yield PrintedSlip(slip, code, qr_code(f"{address}{CHILDREN_PATH}?code={code}"))


def drawn(name: str) -> Markup:
    """Return one of the twelve pictures, to stand in a page itself."""
    path = static_folder("static") / "signs" / f"{name}.svg"
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704 - the hub's own


def tidy_address(typed: str) -> str:
    """Return the address of a hub as it is printed, without the last stroke; ``http`` where it says nothing."""
    address = typed.strip().rstrip("/")
    return address if not address or "://" in address else f"http://{address}"
