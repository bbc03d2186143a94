"""Every page of a hub, with things on it: what the gates and other tests walk over.

A section says in its ``examples.py`` how to fill the variables in its addresses: ``make(people)`` makes things and
returns values by endpoint. Addresses without variables need none. ``NO_PAGES`` gives the reason where an address leads
to no page.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Protocol

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from libhub.accounts import accounts, relations
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import ADMINISTRATOR, GUEST, LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.base.audit import PROGRAM, AuditEntry, acting_as, audited_models
from libhub.base.db import db
from libhub.files.reading.queue import read_next
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.kiosk.models import QR
from libhub.kit.pages.history import History
from libhub.kit.published import set_archived
from libhub.pages.sign_in import setup_url
from libhub.testing import kit_pages
from libhub.testing.fixtures import index_now
from libhub.testing.visitors import PASSWORD, cookie_name, sign_in
from libhub.web import cookies
from libhub.web.gate import owner_of

CORE = "core"
PEOPLE = {
    STUDENT: ("masha", "Маша Котова"),
    PARENT: ("vera", "Вера Котова"),
    TEACHER: ("oleg", "Олег Иванович Добролюбов-Староконюшенный"),
    LIBRARIAN: ("anna", "Анна Петровна"),
    ADMINISTRATOR: ("petr", "Пётр"),
}
"""User name and name of the one account of every role that is walked with; there is a long name, and a short one.

The parent is that of the pupil.
"""
PUPILS_CLASS = "5А"
KIOSK = "kiosk"
"""A guest at a PC of the reading room."""
ROLES = (GUEST, KIOSK, *PEOPLE)
_CSRF = re.compile(r'name="(?:csrf_token|form_state)" value="[^"]*"')
_ON_A_PC = '<form autocomplete="off"'
Values = Mapping[str, Sequence[Mapping[str, Any]]]


class Examples(Protocol):
    """What a module of examples offers."""

    NO_PAGES: Mapping[str, str]
    """Why an endpoint shows no page of its own."""
    FORMS_THAT_STAY: Mapping[str, str]
    """Why a form that is accepted is answered by its own page, by endpoint, or endpoint and ``name=value`` of the button.

    It may be left out, and should be: what changes something leads on to another address.
    """
    SEEN_AS: Mapping[str, str]
    """Through whose eyes an endpoint shows things, whoever asks: a guest's, or those of the account of a role. May be left out.
    """
    SHOWN_TO_OTHERS: Mapping[str, str]
    """Why a page shows to others what is of a pupil, by endpoint: it was shown to everybody on purpose, or the address is secret.

    It may be left out.
    """
    PATHS: Sequence[str]
    """Addresses beside those of the routes, whatever they answer: errors, for one."""

    def make(self, people: Mapping[str, int]) -> Values:
        """Make things and return by endpoint what its variables (and arguments) may be."""


@dataclass(frozen=True)
class Address:
    """A page that may be asked for; ``rule`` is None for those that no route of its own answers."""

    section: str
    path: str
    rule: Rule | None


@dataclass(frozen=True)
class Seen:
    """A page as somebody got it."""

    role: str
    address: Address
    status: int
    html: str

    def __str__(self) -> str:
        return f"{self.role} {self.address.path}"


def rules(app: Flask) -> list[Rule]:
    """Return every address that can be opened, static files left out."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint.rpartition(".")[2] != "static"
    ]


def furnish(app: Flask, examples: Mapping[str, Examples]) -> tuple[list[Address], Seen]:
    """Make accounts and things; return every address of the hub, and the page of its very first visitor.

    That page creates the administrator, so nobody sees it when there are accounts.

    :param examples: what fills the addresses, by section; those of others that need values are left out.
    """
    with app.app_context():
        first_path = setup_url("")
    assert first_path is not None
    first = see(app.test_client(), GUEST, Address(CORE, first_path, leads_to(app, first_path)))
    assert first is not None
    addresses: list[Address] = []
    with app.test_request_context(), acting_as(PROGRAM):
        people = {
            role: accounts.add_user(
                UserDetails(username, name, role, None, PUPILS_CLASS if role == STUDENT else ""), PASSWORD
            ).id
            for role, (username, name) in PEOPLE.items()
        }
        make_parent(people[PARENT], people[STUDENT])
        values: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for section, own in examples.items():
            for endpoint, some in own.make(people).items():
                values[endpoint] += some
            addresses += [Address(section, path, None) for path in own.PATHS]
        for endpoint, each in histories():
            if owner_of(endpoint) in examples:
                values[endpoint].append(each)
        for rule in rules(app):
            needed = rule.arguments - (rule.defaults or {}).keys()
            some = values[rule.endpoint] or ([] if needed or kit_page(rule) else [{}])
            paths = dict.fromkeys(url_for(rule.endpoint, **each) for each in some)
            section = owner_of(rule.endpoint) or CORE
            addresses += [Address(section, path, rule) for path in paths if leads_to(app, path) == rule]
        while read_next():
            pass
    librarian = browser_of(app, LIBRARIAN)
    for rule in rules(app):
        with app.app_context():
            section = owner_of(rule.endpoint) or CORE
        if section in examples and (made := kit_page(rule)):
            blueprint = rule.endpoint.rpartition(".")[0]
            addresses += [Address(section, path, rule) for path in made(app, blueprint, librarian)]
    index_now(app)
    return addresses, first


def make_parent(parent_id: int, child_id: int) -> None:
    """Let somebody be the parent of a pupil, by a code as on paper."""
    relations.use_code(parent_id, relations.new_codes([child_id])[child_id])


def kit_page(rule: Rule) -> Callable[[Flask, str, FlaskClient], Iterator[str]] | None:
    """Return what yields the addresses of a page that the kit fills by itself; None for any other."""
    return kit_pages.EXAMPLES.get(rule.endpoint.rpartition(".")[2])


def histories() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what fills the pages of what was changed: of each kind the thing with the newest change."""
    for table, model in audited_models().items():
        history = model.__audit_history__
        if not isinstance(history, History):
            continue
        newest = select(AuditEntry).where(AuditEntry.subject_type == table, AuditEntry.action == "update")
        entry = db.session.scalar(newest.order_by(AuditEntry.id.desc()).limit(1))
        if entry is None:  # there and back: a change that looks as it was
            for archived in (True, False):
                set_archived(model, db.session.scalars(select(model.id).limit(1)).all(), archived=archived)
            entry = db.session.scalar(newest.order_by(AuditEntry.id.desc()).limit(1))
        if entry is not None:
            of_it = {"number": int(entry.subject_key)}
            yield history.endpoint("history"), of_it
            yield history.endpoint("history_before"), {**of_it, "entry": entry.id}


def leads_to(app: Flask, path: str, method: str = "GET") -> Rule:
    """Return the rule that answers for a path."""
    rule, _values = app.url_map.bind("").match(path.partition("?")[0], method.upper(), return_rule=True)
    return rule


def see(browser: FlaskClient, role: str, address: Address) -> Seen | None:
    """Open an address; None where no page is shown but a file, a fragment or another address."""
    with browser.get(address.path) as answer:
        body = answer.data  # always read to its end: what is streamed holds its request open until then
    if not body.startswith(b"<!doctype") or 300 <= answer.status_code < 400:
        return None
    return Seen(role, address, answer.status_code, body.decode())


def browser_of(app: Flask, role: str, locale: str = "ru") -> FlaskClient:
    """Return the browser of somebody whose account :func:`furnish` made."""
    username = PEOPLE[role][0] if role in PEOPLE else ""
    browser = sign_in(app, role if username else GUEST, username=username)
    browser.set_cookie(cookie_name(browser, cookies.LOCALE), locale)
    if role == KIOSK:  # each browser is a PC of its own: to settle on one ends what was there before
        with app.app_context(), acting_as(PROGRAM):
            number = computers.add(Details(f"ПК {token_hex(4)}", outside=QR))
            browser.set_cookie(cookie_name(browser, cookies.COMPUTER), computers.settle(number))
    return browser


def walk(app: Flask, addresses: Sequence[Address], *roles: str, locale: str = "ru") -> Iterator[Seen]:
    """Open every address in every role, and yield the pages whose content no one before has seen."""
    known: set[str] = set()
    for role in roles or ROLES:
        browser = browser_of(app, role, locale)
        for address in addresses:
            seen = see(browser, role, address)
            if seen and (content := content_of(seen.html)) not in known:
                known.add(content)
                yield seen


def content_of(html: str) -> str:
    """Return what a page has of its own, without the shell around it without what is new in each answer or each PC."""
    return without_tokens(html.partition("<main")[2] or html).replace(_ON_A_PC, "<form")


def without_tokens(html: str) -> str:
    """Return markup without what is new in each answer."""
    return _CSRF.sub("", html)
