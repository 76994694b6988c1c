"""The counter as the pictures of the design show it, put together from the kit alone.

The data is invented. Nothing here reacts: it is for looking at.
"""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.bars import FootBar, TopBar
from hmis_pos.terminal.ui.kit.buttons import PrimaryButton, SecondaryButton
from hmis_pos.terminal.ui.kit.field import LabelledField, LineField
from hmis_pos.terminal.ui.kit.keys import Action, KeyMap
from hmis_pos.terminal.ui.kit.label import AmountLabel, ElidedLabel, Label, Rule
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit
from hmis_pos.terminal.ui.kit.pill import Pill
from hmis_pos.terminal.ui.kit.queue_view import QueueView
from hmis_pos.terminal.ui.kit.rail import Rail
from hmis_pos.terminal.ui.kit.roles import NoteKind, QueueRole
from hmis_pos.terminal.ui.kit.search_field import SearchField
from hmis_pos.terminal.ui.kit.segmented import Segmented
from hmis_pos.terminal.ui.kit.steps import Step, StepList, StepState
from hmis_pos.terminal.ui.kit.surface import Card, Surface
from hmis_pos.terminal.ui.kit.table import TableView
from hmis_pos.terminal.ui.kit.theme import Tone, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight

_PEOPLE = (
    ("Wanjiku, Grace N.", "4,850.00", "OP-118204 · INV-20931", "18 min", NoteKind.PLAIN),
    ("Otieno, Brian", "1,200.00", "OP-118199 · INV-20934", "14 min", NoteKind.PLAIN),
    ("Hassan, Amina Y.", "12,400.00", "IP-004127 · INV-20902", "part paid 6,000", NoteKind.PLAIN),
    ("Kiprono, Daniel", "650.00", "OP-118230 · INV-20940", "phone ringing 0:21", NoteKind.RINGING),
    ("Muthoni, Faith W.", "3,300.00", "OP-118187 · INV-20929", "at Counter 1", NoteKind.PLAIN),
    ("Barasa, Peter", "2,075.50", "OP-118233 · INV-20943", "unknown", NoteKind.UNKNOWN),
    ("Njeri, Lucy", "500.00", "OP-118240 · INV-20946", "paid", NoteKind.PAID),
    (
        "Chebet Ruth Jepkosgei arap Too-Kipkemboi",
        "107,900.00",
        "MAT-00931 · INV-20947 · ANC-2209",
        "not paid",
        NoteKind.NOT_PAID,
    ),
)
_SERVICES = (
    ("Consultation, outpatient", "1", "500.00", "500.00"),
    ("Laboratory service", "3", "950.00", "2,850.00"),
    ("Imaging service", "1", "3,200.00", "3,200.00"),
    ("Pharmacy", "1", "1,300.00", "1,300.00"),
)
_ROOT = QModelIndex()


class Services(QAbstractTableModel):
    """The lines of the invoice."""

    HEADS = ("Service", "Qty", "Price", "KES")

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(_SERVICES)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.HEADS)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _SERVICES[index.row()][index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return self.HEADS[section]


def queue_model(parent: QWidget) -> QStandardItemModel:
    """The people of the pictures."""
    model = QStandardItemModel(parent)
    for name, amount, numbers, note, kind in _PEOPLE:
        item = QStandardItem(name)
        item.setData(amount, QueueRole.AMOUNT)
        item.setData(numbers, QueueRole.NUMBERS)
        item.setData(note, QueueRole.NOTE)
        item.setData(kind, QueueRole.NOTE_KIND)
        item.setData(note.startswith("at "), QueueRole.ELSEWHERE)
        model.appendRow(item)
    return model


def sample_keys(window: QWidget) -> KeyMap:
    """The keys of the counter."""
    keys = KeyMap(window)
    keys.name_place("counter", "At the counter")

    def nothing() -> None:
        """The gallery does nothing."""

    keys.add(
        Action("up", "Choose the patient above", nothing, ("Up",), "counter", "choose"),
        Action("down", "Choose the patient below", nothing, ("Down",), "counter", "choose"),
        Action("cash", "Take cash", nothing, ("F2",), "counter", "cash"),
        Action("mpesa", "Ask for M-Pesa", nothing, ("F3",), "counter", "M-Pesa"),
        Action("card", "Take a card", nothing, ("F4",), "counter", "card"),
        Action("split", "Split between two methods", nothing, ("F5",), "counter", "split"),
        Action("reprint", "Print the last receipt again", nothing, ("F9",), "counter", "reprint"),
        Action("keys", "Show all keys", nothing, ("F1",), hint="all keys"),
        Action("do", "Do anything", nothing, ("Ctrl+K",), hint="do anything"),
    )
    keys.set_places("counter")
    return keys


class Counter(QWidget):
    """The counter: `panel` is `cash`, `mpesa` or `unknown`."""

    def __init__(self, panel: str = "cash") -> None:
        super().__init__()
        self.keys = sample_keys(self)
        top = TopBar()
        top.set_place("Mwangaza County Hospital", "Counter 3 · series T03A")
        top.set_person("Achieng O.", "Shift since 07:58")
        top.set_clock("Mon 14:32")
        top.set_line(online=panel != "unknown", unsent=0 if panel != "unknown" else 3)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(self._queue())
        columns.addWidget(_invoice(), 1)
        columns.addWidget(_payment(panel))
        work = QVBoxLayout()
        work.setSpacing(0)
        work.addLayout(columns, 1)
        work.addWidget(FootBar(self.keys))
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(_rail())
        row.addLayout(work, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addLayout(row, 1)

    def _queue(self) -> QWidget:
        ground = Surface("sunken", "right")
        ground.setFixedWidth(sizes().queue)
        column = QVBoxLayout(ground)
        column.setContentsMargins(12, 12, 13, 0)
        column.setSpacing(0)
        column.addWidget(SearchField("Name, patient no, invoice, phone, or scan"))
        head = QHBoxLayout()
        head.setContentsMargins(2, 11, 2, 9)
        head.addWidget(Label("27 waiting · longest 18 min", size=Text.CAPTION, tone="ink-2"))
        head.addStretch(1)
        head.addWidget(Label("Oldest first", size=Text.CAPTION, tone="ink-2"))
        column.addLayout(head)
        view = QueueView("Queue")
        view.setModel(queue_model(view))
        view.step(0)
        column.addWidget(view, 1)
        return ground


def _rail() -> Rail:
    rail = Rail()
    for ident, text, icon in (
        ("counter", "Counter", "counter"),
        ("payments", "Payments", "payments"),
        ("refunds", "Refunds", "refunds"),
        ("unmatched", "Unmatched", "unmatched"),
        ("shift", "Shift", "shift"),
        ("reports", "Reports", "reports"),
    ):
        rail.add(ident, text, icon, "Ctrl+1")
    rail.set_count("refunds", 2)
    rail.set_count("unmatched", 3)
    return rail


def _invoice() -> QWidget:
    ground = Surface("bg")
    column = QVBoxLayout(ground)
    column.setContentsMargins(24, 18, 24, 24)
    column.setSpacing(0)
    head = QHBoxLayout()
    head.setSpacing(12)
    head.addWidget(ElidedLabel("Grace N. Wanjiku", size=Text.HEADING, weight=Weight.NUMBER))
    head.addWidget(Pill("SHA member", Tone.ACCENT))
    head.addStretch(1)
    column.addLayout(head)
    column.addWidget(ElidedLabel("OP-118204 · F, 34 · 0712 ••• 418 · visit 22 Nov · INV-20931", tone="ink-2"))
    column.addSpacing(16)
    table = TableView("Services", numbers={1, 2, 3}, selectable=False)
    table.setModel(Services(table))
    table.setFixedHeight(table.content_height())
    column.addWidget(table)
    column.addSpacing(16)
    sums = QVBoxLayout()
    sums.setContentsMargins(148, 0, 0, 0)
    sums.setSpacing(8)
    for words, amount in (
        ("Total", "7,850.00"),
        ("SHA covers · claim 8841 pending", "\u22122,500.00"),
        ("Waiver · approved by M. Were", "\u2212500.00"),
    ):
        sums.addLayout(_pair(ElidedLabel(words), Label(amount)))
    sums.addWidget(Rule(strong=True))
    sums.addLayout(
        _pair(
            ElidedLabel("To pay", size=Text.TITLE, weight=Weight.NUMBER),
            Label("4,850.00", size=Text.TITLE, weight=Weight.NUMBER),
        )
    )
    column.addLayout(sums)
    column.addSpacing(20)
    earlier = Card(ground="")
    earlier.body.addLayout(
        _pair(
            ElidedLabel("Earlier   2 Nov · 1,200.00 M-Pesa · RKT91XQ2LM"),
            Label("Deposit 0.00", tone="ink-2"),
        )
    )
    column.addWidget(earlier)
    column.addStretch(1)
    return ground


def _pair(left: ElidedLabel, right: Label) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(left, 1)
    row.addWidget(right)
    return row


def _payment(panel: str) -> QWidget:
    ground = Surface("surface", "left")
    ground.setFixedWidth(sizes().payment)
    column = QVBoxLayout(ground)
    column.setContentsMargins(21, 16, 20, 16)
    column.setSpacing(12)
    tabs = Segmented("Method")
    for ident, text, key in (
        ("cash", "Cash", "F2"),
        ("mpesa", "M-Pesa", "F3"),
        ("card", "Card", "F4"),
        ("other", "Other", "F6"),
    ):
        tabs.add(ident, text, key)
    tabs.set_current("cash" if panel == "cash" else "mpesa")
    column.addWidget(tabs)
    fill = {"cash": _cash, "mpesa": _mpesa, "unknown": _unknown}[panel]
    fill(column)
    return ground


def _cash(column: QVBoxLayout) -> None:
    ask = QVBoxLayout()
    ask.setSpacing(0)
    ask.addWidget(Label("To pay", size=Text.CAPTION, tone="ink-2"))
    ask.addWidget(AmountLabel("4,850.00"))
    column.addLayout(ask)
    money = MoneyEdit()
    money.set_minor(500000)
    column.addWidget(LabelledField("Received from patient", money))
    money.setObjectName("first")
    notes = QHBoxLayout()
    notes.setSpacing(8)
    for words in ("Exact", "4,900", "5,000", "6,000"):
        note = SecondaryButton(words)
        note.setCheckable(True)
        note.setChecked(words == "5,000")
        notes.addWidget(note, 1)
    column.addLayout(notes)
    change = Card(ground="accent-soft")
    row = QHBoxLayout()
    row.addWidget(Label("Give change", weight=Weight.STRONG, tone="ink-2"))
    number = AmountLabel("150.00", size=Text.CHANGE)
    number.set_tone("accent")
    number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(number, 1)
    change.body.addLayout(row)
    column.addWidget(change)
    column.addWidget(Label("100 + 50", size=Text.CAPTION, tone="ink-3"))
    column.addStretch(1)
    column.addWidget(PrimaryButton("Take 5,000.00 and print", "Return"))
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(SecondaryButton("Part payment"), 1)
    row.addWidget(SecondaryButton("Split", "F5"), 1)
    column.addLayout(row)


def _mpesa(column: QVBoxLayout) -> None:
    ask = QVBoxLayout()
    ask.setSpacing(0)
    ask.addWidget(Label("Asking 0712 345 418 for", size=Text.CAPTION, tone="ink-2"))
    ask.addWidget(AmountLabel("4,850"))
    column.addLayout(ask)
    banner = Banner()
    banner.show_message(
        Tone.WAIT,
        "Waiting for the patient's PIN",
        "Ask the patient to look at the phone and enter the M-Pesa PIN. You can serve the next patient meanwhile.",
        time="0:41",
        progress=0.6,
    )
    column.addWidget(banner)
    steps = StepList()
    steps.show_steps(
        [
            Step("Request accepted by Safaricom", "14:31:19 · ws_CO_…8842", StepState.DONE),
            Step("Phone prompted, no answer yet", "asking Safaricom again at 0:45", StepState.CURRENT),
            Step("Receipt prints by itself"),
        ]
    )
    column.addWidget(steps)
    column.addStretch(1)
    column.addWidget(PrimaryButton("Serve next patient", "Return"))
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(SecondaryButton("Check code", "F8"), 1)
    row.addWidget(SecondaryButton("Stop waiting", "F7"), 1)
    column.addLayout(row)
    note = Label(
        "If you stop, the patient may still be charged. It will be found.",
        size=Text.CAPTION,
        tone="ink-3",
        wrap=True,
    )
    note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    column.addWidget(note)


def _unknown(column: QVBoxLayout) -> None:
    ask = QVBoxLayout()
    ask.setSpacing(0)
    ask.addWidget(Label("Asked 0712 345 418 for", size=Text.CAPTION, tone="ink-2"))
    ask.addWidget(AmountLabel("4,850"))
    column.addLayout(ask)
    banner = Banner()
    banner.show_message(
        Tone.UNKNOWN,
        "We do not know yet",
        "Safaricom did not answer. The patient may have paid. Do not take the money again: "
        "we ask every few minutes and will tell you here.",
    )
    column.addWidget(banner)
    steps = StepList()
    steps.show_steps(
        [
            Step("Request sent", "14:31:19", StepState.DONE),
            Step("No result after 75 s", "next check in 2:10 · 3 checks so far", StepState.UNKNOWN),
        ]
    )
    column.addWidget(steps)
    code = LineField(key="F8")
    code.setPlaceholderText("Code, for example TAB1CD2EFG")
    column.addWidget(LabelledField("Patient shows an M-Pesa message?", code))
    column.addStretch(1)
    column.addWidget(PrimaryButton("Serve next patient", "Return"))
    column.addWidget(SecondaryButton("Ask a supervisor to release the service"))
