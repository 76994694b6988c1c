"""All controls on one picture, for looking at: `python -m hmis_pos.terminal.ui.kit.gallery OUT.png`.

The data is invented, and nothing here reacts.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.appearance import Appearance, Mode
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import (
    DangerButton,
    PrimaryButton,
    QuietButton,
    SecondaryButton,
)
from hmis_pos.terminal.ui.kit.choice import Select, Tick
from hmis_pos.terminal.ui.kit.command_palette import CommandPalette, KeyOverlay
from hmis_pos.terminal.ui.kit.dialogs import Question
from hmis_pos.terminal.ui.kit.field import LabelledField, LineField
from hmis_pos.terminal.ui.kit.gallery_counter import Counter
from hmis_pos.terminal.ui.kit.icons import NAMES, pixmap
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit
from hmis_pos.terminal.ui.kit.phone_edit import PhoneEdit
from hmis_pos.terminal.ui.kit.pill import LinePill, Mark, StateBadge
from hmis_pos.terminal.ui.kit.search_field import SearchField
from hmis_pos.terminal.ui.kit.side_panel import SidePanel
from hmis_pos.terminal.ui.kit.skeleton import SkeletonRows
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState, LoadingState, OfflineState
from hmis_pos.terminal.ui.kit.steps import Step, StepList, StepState
from hmis_pos.terminal.ui.kit.surface import Card, Surface
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.toast import ToastArea
from hmis_pos.terminal.ui.kit.typeface import Text, Weight


class Controls(Surface):
    """Every control in every state."""

    def __init__(self) -> None:
        super().__init__("bg")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 24, 24, 24)
        row.setSpacing(24)
        for make in (_buttons, _fields, _news, _marks):
            column = QVBoxLayout()
            column.setSpacing(12)
            make(column)
            column.addStretch(1)
            row.addLayout(column, 1)


def _head(column: QVBoxLayout, words: str) -> None:
    column.addWidget(Label(words, size=Text.TITLE, weight=Weight.STRONG))


def _buttons(column: QVBoxLayout) -> None:
    _head(column, "Buttons")
    column.addWidget(PrimaryButton("Take 5,000.00", "Return"))
    off = PrimaryButton("Take 0.00", "Return")
    off.setEnabled(False)
    column.addWidget(off)
    column.addWidget(SecondaryButton("Print again", "F9", icon="printer"))
    column.addWidget(DangerButton("Reject with a reason"))
    column.addWidget(QuietButton("Undo", "Ctrl+Z"))
    chosen = SecondaryButton("5,000")
    chosen.setCheckable(True)
    chosen.setChecked(True)
    column.addWidget(chosen)
    disabled = SecondaryButton("Not now", "F5")
    disabled.setEnabled(False)
    column.addWidget(disabled)
    column.addWidget(Select("Order", (("Oldest first", "oldest"), ("Largest first", "largest"))))
    tick = Tick("Print the receipt")
    tick.setChecked(True)
    column.addWidget(tick)
    column.addWidget(Tick("Open the drawer"))
    _head(column, "Text")
    for size in (Text.CAPTION, Text.BODY, Text.ROW, Text.HEADING, Text.AMOUNT):
        column.addWidget(Label(f"{size.name.lower()} 1,234.50", size=size))


def _any_phone(text: str) -> str:
    if not text:
        raise ValueError("Type a number.")
    return text


def _bad_phone(_text: str) -> str:
    raise ValueError("A Kenyan mobile number starts with 07 or 01.")


def _fields(column: QVBoxLayout) -> None:
    _head(column, "Fields")
    money = MoneyEdit(key="F2")
    money.set_minor(1240050)
    column.addWidget(LabelledField("Received from patient", money, "Notes and coins together"))
    wrong = MoneyEdit()
    wrong.setText("4.505")
    column.addWidget(LabelledField("An amount that is wrong", wrong))
    phone = PhoneEdit(_any_phone)
    phone.set_phone("+254712345418")
    column.addWidget(LabelledField("M-Pesa number", phone))
    bad = PhoneEdit(_bad_phone)
    bad.set_phone("0212345678")
    column.addWidget(LabelledField("A number that is wrong", bad))
    off = LineField()
    off.setText("Not to be changed")
    off.setEnabled(False)
    column.addWidget(LabelledField("Disabled", off))
    column.addWidget(SearchField("Name, patient no, invoice, phone, or scan"))
    found = SearchField("Name")
    found.setText("wanjiku")
    column.addWidget(found)


def _news(column: QVBoxLayout) -> None:
    _head(column, "News")
    for tone, title, text, time in (
        (Tone.OK, "Paid", "Receipt T03A-000413 is printed.", ""),
        (Tone.WAIT, "Waiting for the patient's PIN", "Ask the patient to look.", "0:41"),
        (Tone.UNKNOWN, "We do not know yet", "Do not take the money again.", "2:10"),
        (Tone.NO, "Not paid", "The patient cancelled on the phone.", ""),
    ):
        banner = Banner()
        share = 0.4 if tone is Tone.WAIT else None
        banner.show_message(tone, title, text, time=time, progress=share)
        column.addWidget(banner)
    steps = StepList()
    steps.show_steps(
        [
            Step("Request accepted", "14:31:19", StepState.DONE),
            Step("Phone prompted", "asking again at 0:45", StepState.CURRENT),
            Step("No result after 75 s", "next check in 2:10", StepState.UNKNOWN),
            Step("Refused by Safaricom", "14:33:02", StepState.FAILED),
            Step("Receipt prints by itself"),
        ]
    )
    column.addWidget(steps)


def _marks(column: QVBoxLayout) -> None:
    _head(column, "Marks")
    for online, unsent in ((True, 0), (True, 2), (False, 0), (False, 14)):
        pill = LinePill()
        pill.show_line(online=online, unsent=unsent)
        column.addWidget(pill)
    for mark in Mark:
        column.addWidget(StateBadge(mark))
    card = Card("Goes back to")
    card.body.addWidget(Label("The paying phone", weight=Weight.STRONG))
    card.body.addWidget(Label("M-Pesa reversal, no fee", tone="ink-2", wrap=True))
    column.addWidget(card)
    _head(column, "Icons")
    grid = QGridLayout()
    for number, name in enumerate(NAMES):
        label = Label()
        label.setPixmap(pixmap(name, current_theme().ink, 20, 2.0))
        label.setToolTip(name)
        grid.addWidget(label, number // 8, number % 8)
    column.addLayout(grid)


class States(Surface):
    """What columns show without rows, side by side, with toasts over them."""

    def __init__(self) -> None:
        super().__init__("sunken")
        grid = QGridLayout(self)
        grid.setSpacing(0)
        grid.addWidget(SkeletonRows(), 0, 0)
        states: list[QWidget] = [
            LoadingState("Fetching the queue", "Cash can be taken as soon as it is here."),
            EmptyState("Nobody is waiting", "New invoices come by themselves.", action="Search all", key="/"),
            EmptyState("No patient found", "Try the invoice number, or less.", icon="search"),
            OfflineState("The hospital's server does not answer", "Cash goes on. Receipts are sent later."),
            ErrorState(
                "The queue could not be read", "Try again. If it stays, call IT.", action="Try again", key="F12"
            ),
        ]
        for number, state in enumerate(states, start=1):
            grid.addWidget(state, number // 3, number % 3)
        area = ToastArea(self)
        area.show_toast("Kiprono, Daniel has paid 650.00.", Tone.OK, shown_ms=0)
        area.show_toast(
            "Stopped waiting for Otieno, Brian.",
            action="Undo",
            key="Ctrl+Z",
            on_action=area.hide,
            shown_ms=0,
        )


def _over(sheet: Callable[[Counter], QWidget]) -> QWidget:
    counter = Counter("cash")
    counter.setProperty("sheet", sheet)
    return counter


def _question(counter: Counter) -> QWidget:
    return Question(
        counter,
        "Stop waiting for this phone?",
        "The patient may still enter the PIN and be charged. We keep asking Safaricom, and the money will be found.",
        yes="Stop waiting",
        no="Keep waiting",
        danger=True,
    )


def _panel(counter: Counter) -> QWidget:
    panel = SidePanel(counter, "M-Pesa")
    words = QWidget()
    column = QVBoxLayout(words)
    text = "The patient gets a prompt on the phone and enters the PIN there, never here."
    column.addWidget(Label(text, wrap=True))
    column.addStretch(1)
    panel.set_content("How M-Pesa works here", words)
    panel.present()
    return panel


PAGES: dict[str, Callable[[], QWidget]] = {
    "cash": lambda: Counter("cash"),
    "mpesa": lambda: Counter("mpesa"),
    "unknown": lambda: Counter("unknown"),
    "controls": Controls,
    "states": States,
    "question": lambda: _over(_question),
    "palette": lambda: _over(lambda counter: CommandPalette(counter, counter.keys)),
    "keys": lambda: _over(lambda counter: KeyOverlay(counter, counter.keys)),
    "panel": lambda: _over(_panel),
}


def picture(page: str, size: QSize) -> QImage:
    """Render a page, with the sheet over it if it has one."""
    widget = PAGES[page]()
    widget.resize(size)
    widget.show()
    first = widget.findChild(QWidget, "first")
    if first is not None:
        first.setFocus()
    make = widget.property("sheet")
    sheet = make(widget) if make is not None else None
    if sheet is not None:
        sheet.show()
    QApplication.processEvents()
    image = widget.grab().toImage()
    if isinstance(sheet, QWidget) and sheet.isWindow():
        painter = QPainter(image)
        painter.drawPixmap(widget.mapFromGlobal(sheet.pos()), sheet.grab())
        painter.end()
        sheet.close()
    widget.close()
    return image


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the picture; the exit code is 0 if it could be written."""
    parser = argparse.ArgumentParser(description="Draw the design kit into a PNG file.")
    parser.add_argument("out", help="file to write")
    parser.add_argument("--dark", action="store_true", help="the dark theme")
    parser.add_argument("--page", choices=[*PAGES, "all"], default="all")
    parser.add_argument("--size", default="1366x768", help="size of a page (default: %(default)s)")
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        parser.error("a Qt application without windows is running already")
    Appearance(app, Mode.DARK if given.dark else Mode.LIGHT)
    width, _, height = given.size.partition("x")
    pages = list(PAGES) if given.page == "all" else [given.page]
    images = [picture(page, QSize(int(width), int(height))) for page in pages]
    whole = QImage(images[0].width(), sum(image.height() for image in images), QImage.Format.Format_RGB32)
    whole.fill(Qt.GlobalColor.white)
    painter = QPainter(whole)
    top = 0
    for image in images:
        image.setDevicePixelRatio(1)
        painter.drawImage(0, top, image)
        top += image.height()
    painter.end()
    return 0 if whole.save(given.out) else 1


if __name__ == "__main__":
    sys.exit(main())
