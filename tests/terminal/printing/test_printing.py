from __future__ import annotations

import itertools
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtPrintSupport import QPrinterInfo
from pytestqt.qtbot import QtBot

from hmis_pos.domain.errors import Misconfigured, Unavailable
from hmis_pos.terminal.printing import a5, roll
from hmis_pos.terminal.printing.blocks import MM, Paragraph, Style, font, register_fonts
from hmis_pos.terminal.printing.content import clean, content_of
from hmis_pos.terminal.printing.printer import ReceiptPrinter, write_pdf
from hmis_pos.terminal.printing.template import load_template
from hmis_pos.terminal.settings import Paper
from tests.support.receipts import HOUSE, SAMPLES, receipt

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
)


def text_of(pdf: Path) -> str:
    done = subprocess.run(  # noqa: S603 - poppler on our own file
        [shutil.which("pdftotext") or "pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, text=True
    )
    return done.stdout


def test_the_words_of_a_cash_receipt(qtbot: QtBot) -> None:
    content = content_of(receipt(given=7000), 1, HOUSE)
    assert content.no == "T03A-000417"
    assert [f.value for f in content.facts] == [
        "23/11/2026, 11:30 EAT",
        "INV-20001",
        "Counter 3, Outpatients",
        "jane.cashier",
    ]
    assert [(f.label, f.value) for f in (content.payment, *content.payment_details, content.balance)] == [
        ("Paid in cash", "6,170.00"),
        ("Cash given", "7,000.00"),
        ("Change", "830.00"),
        ("Balance due", "0.00"),
    ]
    assert content.copy_mark == ""
    assert content.qr == "T03A-000417|6170.00|019ab2f0-5b6e-7c3d-9a41-6f0c2d1e8b77"


def test_the_words_of_a_covered_copy(qtbot: QtBot) -> None:
    sample, copy = SAMPLES["covered"]
    content = content_of(sample, copy, HOUSE)
    assert content.copy_mark == "COPY 2"
    assert [(f.label, f.value) for f in content.sums] == [
        ("Total", "6,170.00"),
        ("Insurance (SHA outpatient)", "\u22122,000.00"),
        ("Waiver (Social worker, case 77/26)", "\u2212500.00"),
        ("Paid before", "\u22121,000.00"),
    ]
    assert (content.to_pay.value, content.balance.value) == ("2,670.00", "1,670.00")


def test_the_words_of_an_mpesa_receipt(qtbot: QtBot) -> None:
    content = content_of(SAMPLES["mpesa"][0], 1, HOUSE, payer_phone="254712345418")
    assert [(f.label, f.value) for f in content.payment_details] == [
        ("Confirmation", "SKL3X7Y2QP"),
        ("Phone", "0712 ••• 418"),
    ]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Amina\x1b@\x1bE Otieno", "Amina@E Otieno"),
        ("A\r\nB\tC\x00D", "A B CD"),
        ("50\u202e00,1", "5000,1"),
        ("  Ng'ang'a   wa\u00a0Kamau ", "Ng'ang'a wa Kamau"),
        ("Zoe\u0308", "Zoë"),
    ],
)
def test_no_control_character_reaches_a_printer(written: str, printed: str) -> None:
    assert clean(written) == printed


def test_the_font_is_ours(qtbot: QtBot) -> None:
    register_fonts()
    assert QFontInfo(font(Style(9))).family().startswith("Inter")


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_leaves_an_a5_page(qtbot: QtBot, name: str) -> None:
    register_fonts()
    sample, copy = SAMPLES[name]
    pages = a5.pages(content_of(sample, copy, HOUSE))
    assert len(pages) == (2 if name == "long" else 1)
    for page in pages:
        by_place = sorted(page, key=lambda placed: placed[0])
        assert all(y >= 10 * MM and y + block.height <= a5.HEIGHT - 10 * MM for y, block in by_place)


def test_a_word_wider_than_the_paper_is_broken(qtbot: QtBot) -> None:
    register_fonts()
    assert Paragraph("W" * 200, Style(12), 70 * MM).lines > 4


@pytest.mark.parametrize("lines", [0, 1, 14, 15, 16, 17, 18, 19, 20, 60, 200])
def test_every_number_of_lines_has_its_place(qtbot: QtBot, lines: int) -> None:
    register_fonts()
    one = receipt().invoice.lines[0]
    content = content_of(receipt((one,) * max(1, lines)), 1, HOUSE)
    pages = a5.pages(replace(content, lines=content.lines[:lines]))
    assert all(y + block.height <= a5.HEIGHT - 10 * MM for page in pages for y, block in page)
    for page in pages:
        placed = sorted(((y, y + b.height) for y, b in page if b.height), key=lambda span: span[0])
        flow = placed[: -2 if len(pages) > 1 else -1]
        assert all(before[1] <= after[0] + 1 for before, after in itertools.pairwise(flow))


@needs_poppler
@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("name", SAMPLES)
def test_the_pdf_says_what_the_receipt_says(qtbot: QtBot, tmp_path: Path, name: str, paper: Paper) -> None:
    register_fonts()
    sample, copy = SAMPLES[name]
    content = content_of(sample, copy, HOUSE)
    text = text_of(write_pdf(content, paper, tmp_path / "deep" / "r.pdf"))
    for wanted in (content.no, content.payment.value, content.balance.value, "MKP-004001", content.copy_mark):
        assert wanted in text
    assert text.count("Ward day, general medical") == (23 if name == "long" else 0)
    assert [f.name for f in (tmp_path / "deep").iterdir()] == ["r.pdf"]


def test_a_roll_is_as_long_as_it_needs_to_be(qtbot: QtBot) -> None:
    register_fonts()
    short = roll.height(roll.blocks(content_of(SAMPLES["cash"][0], 1, HOUSE)))
    long = roll.height(roll.blocks(content_of(SAMPLES["long"][0], 1, HOUSE)))
    assert 120 * MM < short < 260 * MM < long


async def test_a_missing_printer_is_said_and_the_pdf_still_works(qtbot: QtBot, tmp_path: Path) -> None:
    printer = ReceiptPrinter(load_template(), printer="Nowhere 9000", facility="Makadara Hospital")
    with pytest.raises(Unavailable, match="no printer Nowhere 9000") as missing:
        await printer.print_receipt(receipt(), 1)
    assert missing.value.code == "printer-missing"
    assert "valid" in missing.value.cure
    assert await printer.printers() == sorted(QPrinterInfo.availablePrinterNames())
    for copy in range(1, 21):  # in the printing thread, again and again
        saved = await printer.save_pdf(receipt(), copy, tmp_path / f"{copy}.pdf")
        assert saved.read_bytes().startswith(b"%PDF")
    assert printer.content(receipt(), 1).hospital == "Makadara Hospital"
    printer.close()


async def test_a_pdf_that_cannot_be_written_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    printer = ReceiptPrinter(HOUSE, paper=Paper.ROLL_80MM)
    with pytest.raises(Unavailable, match="cannot be written") as failed:
        await printer.save_pdf(receipt(), 1, tmp_path / "file" / "r.pdf")
    assert failed.value.code == "pdf-failed"
    printer.close()


@pytest.mark.parametrize("text", ["[]", "{", '{"hospital": 3}', '{"logo": "x"}'])
def test_a_template_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "t.json"
    file.write_text(text)
    with pytest.raises(Misconfigured, match=r"t\.json cannot be used"):
        load_template(file)
