"""Small files of every kind, made from texts: for tests and for measurements."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

import openpyxl

_OOXML = "http://schemas.openxmlformats.org"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def packed(members: Mapping[str, str | bytes], *, first: tuple[str, str] | None = None) -> bytes:
    """Return a ZIP of these members; ``first`` stands before them, not compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(first[0], first[1], zipfile.ZIP_STORED)
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def pdf(pages: Sequence[str]) -> bytes:
    """Return a PDF with these pages; letters are written in cp1251 and mapped back by a table, as printers do."""
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /R def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"4 beginbfrange <20> <7E> <0020> <C0> <FF> <0410> <B8> <B8> <0451> <A8> <A8> <0401> endbfrange\n"
        b"endcmap end end"
    )
    objects: list[bytes] = [b"", b"", b"", _stream(to_unicode)]
    objects[2] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 4 0 R>>"
    kids = []
    for text in pages:
        lines = "\n".join(f"<{line.encode('cp1251').hex()}> Tj T*" for line in text.splitlines())
        objects.append(_stream(f"BT /F1 12 Tf 14 TL 40 800 Td {lines} ET".encode()))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    return _pdf_of(objects)


def encrypted_pdf() -> bytes:
    """Return a PDF that asks for a password, which nobody knows."""
    plain = pdf(["тайна"])
    lock = (
        b"/Encrypt<</Filter/Standard/V 1/R 2/O<"
        + b"41" * 32
        + b">/U<"
        + b"42" * 32
        + b">/P -4>>/ID[<00><00>]"
    )
    return plain.replace(b"trailer<<", b"trailer<<" + lock)


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def _pdf_of(objects: Sequence[bytes]) -> bytes:
    content, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(content))
    return content + table + trailer


def docx(
    paragraphs: Sequence[str], *, headings: Sequence[str] = (), prolog: str = "", picture: bytes = b""
) -> bytes:
    """Return a Word document: first the headings, each with all the paragraphs below it."""
    body = [_w(text) for text in paragraphs]
    if headings:
        body = [piece for heading in headings for piece in (_w(heading, "Heading1"), *body)]
    if picture:
        body.append(
            '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="p1"/>'
            "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )
    spaces = (
        f'xmlns:w="{_OOXML}/wordprocessingml/2006/main" xmlns:r="{_OOXML}/officeDocument/2006/relationships" '
        f'xmlns:a="{_OOXML}/drawingml/2006/main" xmlns:wp="{_OOXML}/drawingml/2006/wordprocessingDrawing" '
        f'xmlns:pic="{_OOXML}/drawingml/2006/picture"'
    )
    relations = (
        '<Relationship Id="s1" Type="'
        + _OOXML
        + '/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
    )
    relations += (
        '<Relationship Id="p1" Type="'
        + _OOXML
        + '/officeDocument/2006/relationships/image" Target="media/1.png"/>'
    )
    styles = f'<w:styles xmlns:w="{_OOXML}/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="Heading1">'
    return packed(
        {
            "[Content_Types].xml": _content_types("word/document.xml", "wordprocessingml.document.main"),
            "_rels/.rels": _relationships(_main_relation("word/document.xml")),
            "word/_rels/document.xml.rels": _relationships(relations),
            "word/styles.xml": styles + '<w:name w:val="heading 1"/></w:style></w:styles>',
            "word/media/1.png": picture,
            "word/document.xml": f"{prolog}<w:document {spaces}><w:body>{''.join(body)}</w:body></w:document>",
        }
    )


def _w(text: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    plain = text if text.startswith("&") else escape(text)
    return f'<w:p>{look}<w:r><w:t xml:space="preserve">{plain}</w:t></w:r></w:p>'


def _content_types(part: str, kind: str) -> str:
    return (
        f'<Types xmlns="{_OOXML}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/></Types>'
    )


def _main_relation(target: str) -> str:
    return f'<Relationship Id="d1" Type="{_OOXML}/officeDocument/2006/relationships/officeDocument" Target="{target}"/>'


def _relationships(inside: str) -> str:
    return f'<Relationships xmlns="{_OOXML}/package/2006/relationships">{inside}</Relationships>'


def ole(stream: str) -> bytes:
    """Return the beginning of a container of the old office formats, with a stream of this name."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + (9).to_bytes(2, "little")
    return head.ljust(512, b"\0") + b"\0" * 64 + stream.encode("utf-16-le").ljust(1024, b"\0")


def pptx(slides: Sequence[str]) -> bytes:
    """Return slides with one text each."""
    kind = f"{_OOXML}/officeDocument/2006/relationships/slide"
    spaces = (
        f'xmlns:p="{_OOXML}/presentationml/2006/main" xmlns:a="{_OOXML}/drawingml/2006/main" '
        f'xmlns:r="{_OOXML}/officeDocument/2006/relationships"'
    )
    numbers = range(1, len(slides) + 1)
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="s{number}"/>' for number in numbers)
    relations = "".join(
        f'<Relationship Id="s{number}" Type="{kind}" Target="slides/slide{number}.xml"/>'
        for number in numbers
    )
    members = {
        "[Content_Types].xml": _content_types("ppt/presentation.xml", "presentationml.presentation.main"),
        "_rels/.rels": _relationships(_main_relation("ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relationships(relations),
    }
    for number, text in zip(numbers, slides, strict=True):
        lines = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.splitlines())
        members[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {spaces}><p:cSld><p:spTree><p:sp><p:txBody>{lines}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
        )
    return packed(members)


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Return a table with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def opendocument(kind: str, inside: str) -> bytes:
    """Return an OpenDocument file: ``text``, ``presentation`` or ``spreadsheet``, and what is in its body."""
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table"))
    content = (
        f'<office:document-content {spaces} xmlns:draw="{_ODF}:drawing:1.0"><office:body><office:{kind}>{inside}'
        f"</office:{kind}></office:body></office:document-content>"
    )
    return packed({"content.xml": content}, first=("mimetype", f"application/vnd.oasis.opendocument.{kind}"))


def odt(paragraphs: Sequence[str], *, heading: str = "") -> bytes:
    """Return an OpenDocument text."""
    begin = f'<text:h text:outline-level="1">{escape(heading)}</text:h>' if heading else ""
    return opendocument("text", begin + "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs))


def odp(slides: Sequence[str]) -> bytes:
    """Return OpenDocument slides."""
    pages = (
        f"<draw:page><draw:frame><draw:text-box><text:p>{escape(text)}</text:p></draw:text-box></draw:frame></draw:page>"
        for text in slides
    )
    return opendocument("presentation", "".join(pages))


def epub(chapters: Mapping[str, str], *, extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a book: titles and the HTML of their chapters."""
    numbered = list(enumerate(chapters.items(), 1))
    items = "".join(
        f'<item id="c{n}" href="t/c{n}.xhtml" media-type="application/xhtml+xml"/>' for n, _each in numbered
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n, _each in numbered)
    points = "".join(
        f'<navPoint><navLabel><text>{escape(title)}</text></navLabel><content src="t/c{n}.xhtml#x"/></navPoint>'
        for n, (title, _html) in numbered
    )
    members: dict[str, str | bytes] = {
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}<item id="toc" href="toc.ncx" '
        f'media-type="application/x-dtbncx+xml"/></manifest><spine toc="toc">{spine}</spine></package>',
        "OEBPS/toc.ncx": f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>',
        **(extra or {}),
    }
    for n, (_title, html) in numbered:
        members[f"OEBPS/t/c{n}.xhtml"] = f"<html><body>{html}</body></html>"
    return packed(members, first=("mimetype", "application/epub+zip"))


def fb2(sections: Mapping[str, str], *, encoding: str = "windows-1251", binary: str = "") -> bytes:
    """Return an FB2 book: titles and texts of its sections."""
    body = "".join(
        f"<section><title><p>{escape(title)}</p></title><p>{escape(text)}</p></section>"
        for title, text in sections.items()
    )
    book = (
        f'<?xml version="1.0" encoding="{encoding}"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" '
        'xmlns:l="http://www.w3.org/1999/xlink"><description><title-info><author><first-name>Анна</first-name>'
        "<last-name>Зайцева</last-name></author><book-title>Сказки</book-title></title-info></description>"
        f"<body>{body}</body>{binary}</FictionBook>"
    )
    return book.encode(encoding)


def rtf(text: str) -> bytes:
    """Return an RTF document in cp1251."""
    letters = "".join(f"\\'{byte:02x}" if byte > 127 else chr(byte) for byte in text.encode("cp1251"))
    return (
        "{\\rtf1\\ansi\\ansicpg1251\\deff0{\\fonttbl{\\f0\\fcharset204 Arial;}}\\pard\\f0 "
        + letters
        + "\\par}"
    ).encode()
