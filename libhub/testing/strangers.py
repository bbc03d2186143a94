"""What is of a pupil, as those get it who are strangers to the pupil: whatever they lose when the pupil is erased, they saw.

Pages, feeds, files, JSON, search and suggestions are opened by people of every relation with the pupil there and without. What of them
is gone without was of the pupil; numbers count for nothing: that there are so many others is no secret.
"""

import hashlib
import io
import json
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import GUEST, LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.accounts.viewer import Viewer
from libhub.base.audit import PROGRAM, acting_as
from libhub.base.db import writing
from libhub.plugging import calls
from libhub.testing.fixtures import index_now, make_app, release
from libhub.testing.visitors import PASSWORD, sign_in, viewer_with
from libhub.testing.walking import PEOPLE, Address, leads_to, make_parent, without_tokens
from libhub.web.gate import FOR_ACCOUNTS, FOR_EVERYBODY, access_of

STRANGERS: Final = {
    "another parent": ("igor", "Игорь Лосев", PARENT, ""),
    "a first-former": ("tima", "Тима Лосев", STUDENT, "1Б"),
    "a teacher of another class": ("nina", "Нина Фёдоровна", TEACHER, ""),
    GUEST: ("", "", GUEST, ""),
}
"""User name, name, role and class of those who have nothing to do with the pupil; the parent has the first-former."""
_WORD: Final = re.compile(r"[а-яё]{4,}", re.IGNORECASE)
"""What the examples say is Russian; what is new in each answer, such as tokens, is not."""
_LINK: Final = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)')
_STEM: Final = 4
_SHELL: Final = ("/static/", "/assets/", "/language", "/auth/", "/kiosk/", "/pc/")
"""Links that are on every page, or end the visit."""
Words = Counter[str]


@dataclass(frozen=True)
class Leak:
    """What a stranger saw of the pupil, by the beginnings of the words."""

    who: str
    path: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.who} sees at {self.path}: {' '.join(self.words)}"


def words_of(data: bytes, mimetype: str, status: int) -> Words:
    """Return what an answer says: the beginnings of its words, as often as they are in it; of a picture which one it is."""
    if status >= 400:
        return Counter()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b" ".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
    elif "json" in mimetype:
        data = json.dumps(json.loads(data), ensure_ascii=False).encode()
    elif not mimetype.startswith("text/"):
        return Counter([hashlib.sha256(data).hexdigest()])
    text = without_tokens(data.decode("utf-8", "replace"))
    return Counter(word[:_STEM].lower() for word in _WORD.findall(text))


def move_in(app: Flask) -> None:
    """Make the accounts of the strangers."""
    with app.test_request_context(), acting_as(PROGRAM):
        made = {
            relation: accounts.add_user(
                UserDetails(username, name, role, school_class=school_class), PASSWORD
            ).id
            for relation, (username, name, role, school_class) in STRANGERS.items()
            if username
        }
        make_parent(made["another parent"], made["a first-former"])


def leaks(instance: Path, addresses: Iterable[Address], shown_to_others: Collection[str] = ()) -> list[Leak]:
    """Return what strangers see of the pupil whom :func:`libhub.testing.walking.furnish` made.

    The same is opened in the same order in two hubs, which are alike but for the pupil, who is erased from the second: what
    opening a page does by itself is the same in both.

    :param instance: the folder of a hub that may be changed.
    :param addresses: what strangers try, besides what the pupil's family finds there.
    :param shown_to_others: endpoints at which it is right that others see something; so it is of the files that they show.
    """
    username, name = PEOPLE[STUDENT]
    app = make_app(instance)
    move_in(app)
    family = [sign_in(app, role, username=PEOPLE[role][0]) for role in (STUDENT, PARENT, LIBRARIAN)]
    paths = paths_of(addresses, family, name)
    release(app)
    aside = Path(shutil.copytree(instance, instance.with_name(f"{instance.name}-aside")))
    app = make_app(instance)
    seen = dict(_seen(app, paths, shown_to_others))
    release(app)
    shutil.rmtree(instance)
    aside.rename(instance)  # a section lies in one place for as long as the program runs
    app = make_app(instance)
    erase(app, username)
    without = dict(_seen(app, paths, shown_to_others))
    release(app)
    return [
        Leak(*where, tuple(sorted(lost)))
        for where, words in seen.items()
        if (lost := words - without.get(where, Counter()))
    ]


def _seen(
    app: Flask, paths: Iterable[str], shown_to_others: Collection[str]
) -> Iterator[tuple[tuple[str, str], Words]]:
    """Yield what each stranger is told at each address to which the gate lets them, by relation and address."""
    asked = [(path, endpoint) for path in paths if (endpoint := _endpoint(app, path))]
    for relation, (username, _name, role, _class) in STRANGERS.items():
        viewer, browser = viewer_with(app, username or None), sign_in(app, role, username=username)
        shown: set[str] = set()
        for path, endpoint in asked:
            if _may(app, endpoint, viewer):
                with browser.get(path) as answer:
                    data = answer.get_data()
                if endpoint in shown_to_others:
                    shown |= {each for each in _links(data.decode("utf-8", "replace")) if _is_file(each)}
                elif path not in shown:
                    yield (relation, path), words_of(data, answer.mimetype or "", answer.status_code)


def erase(app: Flask, username: str) -> None:
    """Erase a person from all sections, and the account."""
    with app.test_request_context(), acting_as(PROGRAM), writing():
        user = accounts.find_user(username)
        assert user is not None
        calls.call_installed("erase_personal_data", user_id=user.id, actor=PROGRAM)
        accounts.erase(user.id)
    index_now(app)


def _endpoint(app: Flask, path: str) -> str:
    """Return the endpoint that answers for an address; empty where none does."""
    try:
        return str(leads_to(app, path).endpoint)
    except HTTPException:
        return ""


def _may(app: Flask, endpoint: str, viewer: Viewer) -> bool:
    """Say whether the gate lets somebody in: what it refuses shows nothing."""
    access = access_of(app, endpoint)
    return access == FOR_EVERYBODY or (
        viewer.signed_in and (access == FOR_ACCOUNTS or viewer.can(access or ""))
    )


def paths_of(addresses: Iterable[Address], family: Iterable[FlaskClient], name: str) -> list[str]:
    """Return what strangers try: every address, the search for the pupil, and whatever the family finds on its pages."""
    paths = dict.fromkeys(address.path for address in addresses)
    for asked in dict.fromkeys([name, *name.split()]):
        paths |= dict.fromkeys(f"{page}?q={asked}" for page in ("/search", "/search.json", "/search/suggest"))
    for browser in family:
        for path in list(paths):
            with browser.get(path) as answer:
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    paths |= dict.fromkeys(_links(answer.get_data(as_text=True)))
    return list(paths)


def _is_file(path: str) -> bool:
    return path.startswith("/files/")


def _links(html: str) -> Iterator[str]:
    for link in _LINK.findall(html):
        path = link.replace("&amp;", "&")
        if urlsplit(path).path == path and not path.startswith(
            _SHELL
        ):  # filters and pages lead to the same things
            yield path
