"""PDF, page by page, by PDFium, the reader of Chromium."""

import re
from typing import Final

import pypdfium2
from pypdfium2 import raw

from libhub.files.extraction.output import Output, Unreadable

_HYPHEN: Final = re.compile(r"[\ufffe\u00ad]\s*")
"""How PDFium marks a word that goes on in the next line."""
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def read(path: str, output: Output) -> None:
    """Give out the text of each page."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        protected = code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) or "password" in str(error).lower()
        raise Unreadable("encrypted" if protected else "damaged") from error
    output.kind("page")
    if not len(document):
        raise Unreadable("damaged")
    failed = 0
    for index in range(len(document)):
        try:
            page = document[index]
            text_page = page.get_textpage()
            text = text_page.get_text_range()
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError:
            failed += 1  # one bad page of many: the others are read
            continue
        output.add(index + 1, tidy(text))
    if failed == len(document):
        raise Unreadable("damaged")


def tidy(text: str) -> str:
    """Join what was divided at the end of a line, and leave out what is no text."""
    joined = _HYPHEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNPRINTABLE.sub(" ", joined).strip()
