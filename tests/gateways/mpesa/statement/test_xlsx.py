from __future__ import annotations

import io
import zipfile
from contextlib import ExitStack
from decimal import Decimal

import pytest

from hmis_pos.gateways.mpesa.statement import xlsx
from hmis_pos.gateways.mpesa.statement.refusal import NotAStatement
from hmis_pos.gateways.mpesa.statement.shared_texts import SharedTexts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="urn:r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELATIONS = '<Relationships xmlns="urn:p"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'


def package(sheet, *, texts=None, book=BOOK, relations=RELATIONS, **more):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", relations)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if texts is not None:
            archive.writestr("xl/sharedStrings.xml", texts)
        for name, content in more.items():
            archive.writestr(name, content)
    return memory


def sheet_of(rows):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def read(memory, at=0):
    with ExitStack() as stack:
        return [(row.number, row.cells) for row in xlsx.open_sheets(memory, stack)[at].rows()]


def test_every_type_of_cell():
    texts = (
        f'<sst xmlns="{MAIN}"><si><t>shared</t></si>'
        "<si><r><t>rich </t></r><r><t>text</t></r><rPh><t>sound</t></rPh></si><si/></sst>"
    )
    rows = (
        '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c>'
        '<c r="D3"><v>1250.5</v></c><c r="E3" t="n"><v>1E3</v></c><c r="F3" t="b"><v>1</v></c>'
        '<c r="G3" t="e"><v>#N/A</v></c><c r="H3" t="str"><f>A1</f><v>made</v></c>'
        '<c r="I3" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c r="J3" t="d"><v>2026-01-05T10:00</v></c>'
        '<c r="K3"/><c r="L3" s="4"><v>1</v></c></row>'
    )
    assert read(package(sheet_of(rows), texts=texts)) == [
        (
            3,
            ("shared", "rich text", "", Decimal("1250.5"), Decimal(1000), "true", "#N/A", "made", "inline",
             "2026-01-05T10:00", "", Decimal(1)),
        )
    ]  # fmt: skip


def test_gaps_missing_references_and_faraway_cells():
    rows = (
        '<row r="2"><c r="C2"><v>1</v></c><c r="ZZZ2"><v>9</v></c></row>'
        "<row><c><v>2</v></c><c><v>3</v></c></row><row/>"
        '<row r="9"><c r="B9"><v>5</v></c><c r="A9"><v>4</v></c></row>'
    )
    assert read(package(sheet_of(rows))) == [
        (2, ("", "", Decimal(1))),
        (3, (Decimal(2), Decimal(3))),
        (4, ()),
        (9, (Decimal(4), Decimal(5))),
    ]


def test_names_may_have_a_prefix():
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    assert read(package(sheet)) == [(1, (Decimal(7),))]


def test_hidden_sheets_come_last_and_dates_may_count_from_1904():
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="urn:r"><workbookPr date1904="1"/><sheets>'
        '<sheet name="H" state="hidden" r:id="rId2"/><sheet name="V" r:id="rId1"/></sheets></workbook>'
    )
    relations = (
        '<Relationships><Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Target="worksheets/other.xml"/></Relationships>'
    )
    one, two = (sheet_of(f"<row><c><v>{number}</v></c></row>") for number in (1, 2))
    memory = package(one, book=book, relations=relations, **{"xl/worksheets/other.xml": two})
    with ExitStack() as stack:
        sheets = xlsx.open_sheets(memory, stack)
        assert [next(iter(sheet.rows())).cells for sheet in sheets] == [(Decimal(1),), (Decimal(2),)]
        assert [sheet.from_1904 for sheet in sheets] == [True, True]


def test_a_book_whose_relations_are_lost_still_has_its_sheets():
    assert read(package(sheet_of("<row><c><v>1</v></c></row>"), relations="<Relationships/>")) == [(1, (Decimal(1),))]


@pytest.mark.parametrize(
    ("sheet", "texts"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><row><c><v>&a;</v></c></row></worksheet>', None),
        ("<worksheet><row>", None),
        ("not xml", None),
        (sheet_of('<row><c t="s"><v>0</v></c></row>'), None),
        (sheet_of('<row><c t="s"><v>-1</v></c></row>'), "<sst><si><t>a</t></si></sst>"),
        (sheet_of('<row><c t="s"><v>one</v></c></row>'), "<sst><si><t>a</t></si></sst>"),
        (sheet_of('<row><c r="7"><v>1</v></c></row>'), None),
        (sheet_of(""), "<sst><si>"),
    ],
)
def test_a_damaged_sheet_is_refused_in_our_words(sheet, texts):
    with pytest.raises(NotAStatement) as caught:
        read(package(sheet, texts=texts))
    assert caught.value.code == "statement-damaged"
    assert "\n" not in caught.value.message


def test_rows_before_the_break_are_given():
    memory = package(sheet_of("<row><c><v>1</v></c></row>" * 5000)[:-60])
    seen: list[int] = []
    with ExitStack() as stack, pytest.raises(NotAStatement, match="breaks off behind row"):
        seen.extend(row.number for row in xlsx.open_sheets(memory, stack)[0].rows())
    with ExitStack() as stack:
        rows = xlsx.open_sheets(memory, stack)[0].rows()
        assert next(rows).cells == (Decimal(1),)


def test_an_endless_cell_is_cut():
    ((_, (cell,)),) = read(package(sheet_of(f'<row><c t="str"><v>{"x" * 500_000}</v></c></row>')))
    assert 32_767 <= len(cell) < 100_000


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["xl/workbook.bin"], "statement-xlsb"),
        (["mimetype", "content.xml"], "statement-ods"),
        (["word/document.xml"], "statement-document"),
        (["statement.csv"], "statement-zip"),
    ],
)
def test_other_archives_are_called_by_their_name(names, code):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(NotAStatement) as caught:
        read(memory)
    assert caught.value.code == code
    assert caught.value.cure


def test_an_archive_with_a_password_is_refused():
    data = bytearray(package(sheet_of("")).getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + at] |= 1
    with pytest.raises(NotAStatement) as caught:
        read(io.BytesIO(bytes(data)))
    assert caught.value.code == "statement-encrypted"


def test_shared_texts_are_found_on_disk_as_in_memory():
    with SharedTexts() as texts:
        for number in range(200_000):
            texts.add(f"text {number} \u00e9\u4e2d" + "." * (number % 50))
        texts.finish()
        assert len(texts) == 200_000
        for number in (0, 63, 64, 65, 199_999, 100_000, 0):
            assert texts[number] == f"text {number} \u00e9\u4e2d" + "." * (number % 50)
        with pytest.raises(IndexError):
            texts[200_000]
        with pytest.raises(IndexError):
            texts[-1]
