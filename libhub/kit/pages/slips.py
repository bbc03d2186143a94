"""What is shown once: a password, an address with a secret in it. It stands the reload of its page for ten minutes.

After a POST comes a redirect, so what was made has to wait for the page that shows it; and nobody may read it where it
waits. It is split in two by a pad as long as itself: the pad is in the address, what it was combined with in a cookie of
that page alone, signed for the visitor's session and dropped by the browser after ten minutes. The hub keeps neither.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import token_bytes
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, redirect, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from libhub.web import cookies
from libhub.web.rendering.addresses import url_for
from libhub.web.visitor import session_token

SECONDS: Final = 600


def show_slip(endpoint: str, secret: str, **values: Any) -> Response:
    """Send the browser to the page that shows a secret; its address takes ``slip`` besides the values."""
    plain = secret.encode()
    pad = token_bytes(len(plain))
    url = url_for(endpoint, slip=urlsafe_b64encode(pad).decode(), **values)
    response = redirect(url)
    response.set_cookie(
        cookies.name_of(cookies.SLIP),
        _serializer().dumps(urlsafe_b64encode(_combined(plain, pad)).decode()),
        max_age=SECONDS,
        path=urlsplit(url).path,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def read_slip(slip: str) -> str | None:
    """Return the secret of the page that is being made; None for everybody but who made it, and after ten minutes."""
    try:
        kept = _serializer().loads(cookies.sent(cookies.SLIP), max_age=SECONDS)
        return _combined(urlsafe_b64decode(kept), urlsafe_b64decode(slip)).decode()
    except (BadData, ValueError):
        return None


def forget_slip(response: Response) -> None:
    """Let nobody see the secret of the page that answers once more: what it was for is done."""
    response.delete_cookie(cookies.name_of(cookies.SLIP), path=request.path, httponly=True, samesite="Lax")


def _combined(some: bytes, pad: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(some, pad, strict=True))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"libhub.slip.{session_token()}")
