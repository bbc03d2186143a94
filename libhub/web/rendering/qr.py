"""Addresses as QR codes, for what is printed and hung on a wall."""

from markupsafe import Markup


def qr_code(url: str) -> Markup | None:
    """Return the address as a QR code in SVG; None for an address that is too long for one."""
    import segno  # a megabyte for a few posters

    for level in ("m", "l"):
        try:
            code = segno.make_qr(url, error=level)
        except segno.DataOverflowError:
            continue
        return Markup(code.svg_inline(scale=8, border=2, omitsize=True, light="#fff", svgclass="qr"))  # noqa: S704 - made here
    return None
