"""The bars above and below the columns: who and where, and the keys of this place."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hmis_pos.terminal.ui.kit.keycap import key_words, keycap_width, paint_keycap
from hmis_pos.terminal.ui.kit.keys import EVERYWHERE, Action, KeyMap
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.pill import LinePill
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

_SIDE = 16
_CAP_GAP = 4.0
_WORD_GAP = 4.0
_ENTRY_GAP = 18.0


class TopBar(Surface):
    """Hospital and counter at the left; line, shift, person and time at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "bottom", parent)
        self.setFixedHeight(sizes().top)
        self.line = LinePill()
        self._hospital = ElidedLabel(weight=Weight.STRONG)
        self._counter = ElidedLabel(tone="ink-2")
        self._shift = Label(tone="ink-2")
        self._person = Label(weight=Weight.STRONG)
        self._clock = Label(tone="ink-2")
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 0, _SIDE, 1)
        row.setSpacing(18)
        row.addWidget(self._hospital)
        row.addWidget(self._counter)
        row.addStretch(1)
        for widget in (self.line, self._shift, self._person, self._clock):
            row.addWidget(widget)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(4)
        row.addLayout(self.tools)

    def set_place(self, hospital: str, counter: str) -> None:
        """For example "Mwangaza County Hospital" and "Counter 3 · series T03A"."""
        self._hospital.setText(hospital)
        self._counter.setText(counter)

    def set_person(self, name: str, shift: str = "") -> None:
        """Who is signed in, and since when the shift runs."""
        self._person.setText(name)
        self._shift.setText(shift)
        self._shift.setVisible(bool(shift))

    def set_clock(self, text: str) -> None:
        """For example "Mon 14:32"."""
        self._clock.setText(text)

    def set_line(self, *, online: bool, unsent: int) -> None:
        self.line.show_line(online=online, unsent=unsent)


@dataclass(frozen=True)
class _Entry:
    caps: tuple[str, ...]
    word: str
    ident: str

    def width(self) -> float:
        caps = sum(keycap_width(cap) for cap in self.caps) + _CAP_GAP * (len(self.caps) - 1)
        words = QFontMetricsF(font(Text.CAPTION)).horizontalAdvance(self.word)
        return caps + _WORD_GAP + words


class FootBar(QWidget):
    """The keys that work here, read from the `KeyMap`; a click does the same.

    Actions of this place stand at the left and give way when there is no room; those that apply
    everywhere stand at the right. Neighbours with the same hint share it (`↑ ↓ choose`).
    """

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._left: list[_Entry] = []
        self._right: list[_Entry] = []
        self._spots: list[tuple[QRectF, str]] = []
        self.setFixedHeight(sizes().foot)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        keys.changed.connect(self._read)
        self._read()

    def sizeHint(self) -> QSize:
        return QSize(400, sizes().foot)

    def words(self) -> list[str]:
        """What the bar says, one entry a line: `F2 cash`."""
        return [f"{' '.join(entry.caps)} {entry.word}" for entry in self._left + self._right]

    def _read(self) -> None:
        shown = _unshadowed(self._keys.actions())
        self._left = _entries([action for action in shown if action.place != EVERYWHERE])
        self._right = _entries([action for action in shown if action.place == EVERYWHERE])
        self.setAccessibleName(self.tr("Keys: {0}").format(", ".join(self.words())))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.surface)
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.line)
        self._spots = []
        right_width = sum(entry.width() + _ENTRY_GAP for entry in self._right)
        right = self.width() - _SIDE - right_width + _ENTRY_GAP
        left = float(_SIDE)
        for entry in self._left:
            if left + entry.width() > right - _ENTRY_GAP:
                break
            left = self._paint(painter, left, entry) + _ENTRY_GAP
        for entry in self._right:
            right = self._paint(painter, right, entry) + _ENTRY_GAP

    def _paint(self, painter: QPainter, left: float, entry: _Entry) -> float:
        theme = current_theme()
        start, middle = left, self.height() / 2 + 1
        for cap in entry.caps:
            rect = paint_keycap(painter, QPointF(left, middle), cap, ink=theme.ink, line=theme.line_strong)
            left = rect.right() + _CAP_GAP
        left += _WORD_GAP - _CAP_GAP + 1
        painter.setFont(font(Text.CAPTION))
        painter.setPen(theme.ink_2)
        width = start + entry.width() - left + 4
        words = QRectF(left, 1, width, self.height())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), entry.word)
        end = start + entry.width()
        self._spots.append((QRectF(start - 6, 0, end - start + 12, self.height()), entry.ident))
        return end

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for spot, ident in self._spots:
            if spot.contains(event.position()):
                self._keys.trigger(ident)
                return


def _unshadowed(actions: list[Action]) -> list[Action]:
    """Those with a hint whose key no inner place has taken."""
    shown: dict[str, Action] = {}
    for action in actions:
        for key in action.keys[:1]:
            if key not in shown:
                shown[key] = action
    return [action for action in shown.values() if action.hint]


def _entries(actions: list[Action]) -> list[_Entry]:
    entries: list[_Entry] = []
    for action in actions:
        cap = key_words(action.keys[0])
        if entries and entries[-1].word == action.hint:
            last = entries.pop()
            entries.append(_Entry((*last.caps, cap), last.word, last.ident))
        else:
            entries.append(_Entry((cap,), action.hint, action.ident))
    return entries
