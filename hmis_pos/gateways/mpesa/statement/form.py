"""What a file is, told from its bytes. The name's ending is not believed: the portal calls CSV and HTML ".xls"."""

from __future__ import annotations

from enum import Enum

from hmis_pos.gateways.mpesa.statement.refusal import EXPORT_AGAIN, SAVE_AS, NotAStatement

#: How much of the beginning is looked at.
HEAD = 65_536


class Form(Enum):
    """The forms that are read."""

    TEXT = "text"
    HTML = "html"
    XLSX = "xlsx"
    XLS = "xls"


#: Forms whose sheets stand beside each other in the file.
WORKBOOKS = frozenset({Form.XLSX, Form.XLS})

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_BOM = b"\xef\xbb\xbf"

#: (beginning, code, what it is, cure)
_FOREIGN = (
    (b"%PDF", "statement-pdf", "the file is a PDF", "Choose CSV or Excel when you export from the M-Pesa organisation portal."),
    (b"PK\x05\x06", "statement-zip", "the file is an empty ZIP archive", EXPORT_AGAIN),
    (b"\x1f\x8b", "statement-zip", "the file is compressed (gzip)", "Unpack it, and import the statement inside."),
    (b"Rar!", "statement-zip", "the file is a RAR archive", "Unpack it, and import the statement inside."),
    (b"7z\xbc\xaf\x27\x1c", "statement-zip", "the file is a 7z archive", "Unpack it, and import the statement inside."),
    (b"{\\rtf", "statement-document", "the file is a text document (RTF)", EXPORT_AGAIN),
    (b"\x89PNG", "statement-picture", "the file is a picture", EXPORT_AGAIN),
    (b"\xff\xd8\xff", "statement-picture", "the file is a picture", EXPORT_AGAIN),
    (b"MIME-Version:", "statement-web-archive", "the file is a web archive (MHTML)", SAVE_AS),
)  # fmt: skip


def form_of(head: bytes) -> Form:
    """Tell the form from the file's first :data:`HEAD` bytes.

    Raises:
        NotAStatement: it is empty, or something that is not read here.
    """
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise NotAStatement("the file is empty", code="statement-empty")
    if head.startswith(_ZIP):
        return Form.XLSX
    if head.startswith(_OLE):
        return Form.XLS
    for beginning, code, what, cure in _FOREIGN:
        if head.startswith(beginning):
            raise NotAStatement(what, code=code, cure=cure)
    return _text_form(head)


def _text_form(head: bytes) -> Form:
    if utf16_of(head) is None and b"\x00" in head:
        raise NotAStatement("the file is neither a table nor text", code="statement-binary")
    start = head.removeprefix(_UTF8_BOM).replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")[:4096].lower()
    if not start.startswith(b"<"):
        return Form.TEXT
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise NotAStatement("the file is an XML spreadsheet of Excel 2003", code="statement-xml", cure=SAVE_AS)
    if start.startswith(b"<?xml") and b"<html" not in start and b"<table" not in start:
        raise NotAStatement("the file is XML, and no spreadsheet", code="statement-xml")
    return Form.HTML


def utf16_of(head: bytes) -> str | None:
    """The name of the UTF-16 encoding of a text, or None: by its byte order mark, or by where the zero bytes stand."""
    if head.startswith(_UTF16):
        return "utf-16"
    pairs = len(head) // 2
    if not pairs:
        return None
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    # Of Latin text every second byte is zero, and only those.
    if odd > pairs * 0.8 and not even:
        return "utf-16-le"
    if even > pairs * 0.8 and not odd:
        return "utf-16-be"
    return None
