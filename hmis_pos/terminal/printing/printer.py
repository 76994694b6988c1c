"""A receipt to a PDF file or to the system's printer, off the loop: a print system may hang for as long as it likes.

Qt allows painting on printers and PDF files in another thread; one thread does it, a receipt at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMarginsF, QPoint, QSizeF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from hmis_pos import logs
from hmis_pos.domain.errors import Unavailable
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.printing import a5, roll
from hmis_pos.terminal.printing.blocks import INCH, MM, register_fonts
from hmis_pos.terminal.printing.content import ReceiptContent, content_of
from hmis_pos.terminal.printing.template import ReceiptTemplate
from hmis_pos.terminal.settings import Paper

T = TypeVar("T")
#: How long a print system may take before the cashier is told; the job may still come out.
PATIENCE_SECONDS = 20.0
_PDF_DPI = 600
_log = logs.logger("terminal.printing")


class ReceiptPrinter:
    """Paper for receipts. Make it after the application object; its methods are for the loop's thread.

    ``payer_phone(receipt)`` may give the number that paid, where the terminal knows it; it is printed masked.
    """

    def __init__(
        self,
        template: ReceiptTemplate,
        *,
        paper: Paper = Paper.A5,
        printer: str = "",
        facility: str = "",
        payer_phone: Callable[[Receipt], str] = lambda _receipt: "",
    ) -> None:
        register_fonts()
        self.template = template
        self.paper = paper
        self.printer = printer
        self.facility = facility
        self._payer_phone = payer_phone
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="printing")

    async def printers(self) -> list[str]:
        """Names of the system's printers, the default one first."""
        return await self._run(_printers)

    async def print_receipt(self, receipt: Receipt, copy: int) -> None:
        """Print it; ``copy`` is 1 for the original.

        Raises:
            Unavailable: ``printer-missing`` (none, or not the one that was chosen), ``print-failed``. The receipt itself stays valid.
        """
        content = self.content(receipt, copy)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._run(lambda: self._print(content))
        except TimeoutError as e:
            raise _failed(self.printer, "it does not answer") from e
        _log.info("receipt printed", receipt=receipt.no, copy=copy)

    async def save_pdf(self, receipt: Receipt, copy: int, path: Path) -> Path:
        """Write it as a PDF, folders made as needed.

        Raises:
            Unavailable: ``pdf-failed``: the file cannot be written.
        """
        content = self.content(receipt, copy)
        return await self._run(lambda: write_pdf(content, self.paper, path))

    def content(self, receipt: Receipt, copy: int) -> ReceiptContent:
        """What will stand on the paper, for the screen too."""
        return content_of(receipt, copy, self.template, facility=self.facility, payer_phone=self._payer_phone(receipt))

    def close(self) -> None:
        """Waits for nothing: what hangs in the print system must not keep the window open."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _print(self, content: ReceiptContent) -> None:
        names = _printers()
        if not names or (self.printer and self.printer not in names):
            raise _missing(self.printer, names)
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setPrinterName(self.printer or names[0])
        device.setDocName(f"{content.title} {content.no}")
        device.setFullPage(True)
        if not device.isValid():
            raise _failed(device.printerName(), "the system says it cannot be used")
        _paint(device, content, self.paper, device.printerName())
        if device.printerState() is QPrinter.PrinterState.Error:
            raise _failed(device.printerName(), "the system reports an error")


def write_pdf(content: ReceiptContent, paper: Paper, path: Path) -> Path:
    """Write the PDF beside its place first, so that a half-written file never has the name. Blocks.

    Raises:
        Unavailable: code ``pdf-failed``.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".part")
        device = QPdfWriter(str(fresh))
        device.setResolution(_PDF_DPI)
        device.setTitle(f"{content.title} {content.no}")
        device.setCreator("HMIS POS")
        _paint(device, content, paper, str(path))
        del device
        fresh.replace(path)
    except OSError as e:
        raise _pdf_failed(path, e.strerror or str(e)) from e
    except Unavailable as e:
        raise _pdf_failed(path, "the file cannot be written") from e
    return path


def _paint(device: QPagedPaintDevice, content: ReceiptContent, paper: Paper, name: str) -> None:
    if paper is Paper.ROLL_80MM:
        made = roll.blocks(content)
        _set_page(device, roll.WIDTH, roll.height(made))
        with _Painting(device, name) as painter:
            roll.paint(painter, made)
        return
    pages = a5.pages(content)
    _set_page(device, a5.WIDTH, a5.HEIGHT, QPageSize(QPageSize.PageSizeId.A5))
    with _Painting(device, name) as painter:
        for number, page in enumerate(pages):
            if number:
                device.newPage()
            a5.paint(painter, page)


def _set_page(device: QPagedPaintDevice, width: float, height: float, size: QPageSize | None = None) -> None:
    page = size or QPageSize(
        QSizeF(width / MM, height / MM), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch
    )
    device.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))


class _Painting:
    """A painter in layout units, from the paper's corner (a printer's own origin may lie inside)."""

    def __init__(self, device: QPagedPaintDevice, name: str) -> None:
        self._device = device
        self._name = name
        self._painter = QPainter()

    def __enter__(self) -> QPainter:
        if not self._painter.begin(self._device):
            raise _failed(self._name, "it cannot be opened")
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        layout = self._device.pageLayout()
        dpi = self._device.logicalDpiX()
        corner = layout.paintRectPixels(dpi).topLeft() if layout.mode() is QPageLayout.Mode.StandardMode else QPoint()
        self._painter.translate(-corner.x(), -corner.y())
        self._painter.scale(dpi / INCH, dpi / INCH)
        return self._painter

    def __exit__(self, *_error: object) -> None:
        if self._painter.isActive() and not self._painter.end():
            raise _failed(self._name, "it did not take the page")


def _printers() -> list[str]:
    names = [str(name) for name in QPrinterInfo.availablePrinterNames()]
    default = str(QPrinterInfo.defaultPrinterName())
    return sorted(names, key=lambda name: (name != default, name.casefold()))


def _missing(wanted: str, names: list[str]) -> Unavailable:
    known = f"This computer has: {', '.join(names)}." if names else "This computer has no printer set up."
    return Unavailable(
        f"there is no printer {wanted}" if wanted else "there is no printer",
        code="printer-missing",
        cure=f"{known} The receipt is valid; print it again later, or save it as a PDF.",
    )


def _failed(name: str, why: str) -> Unavailable:
    return Unavailable(
        f"{name or 'the printer'}: {why}",
        code="print-failed",
        cure="Check paper and cable. The receipt is valid; print it again, it will say COPY.",
    )


def _pdf_failed(path: Path, why: str) -> Unavailable:
    return Unavailable(
        f"{path} cannot be written: {why}", code="pdf-failed", cure="Choose another folder. The receipt is valid."
    )
