"""Buttons: one that does the main thing, others beside it, one that is hard to undo.

A button shows its key but does not listen for it: `keys.KeyMap` does, so that one list knows all
keys. Buttons take the focus by Tab, not by click: a click leaves the caret in the amount.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from hmis_pos.terminal.ui.kit.focus import give_up_focus
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.keycap import key_words, keycap_width, paint_keycap
from hmis_pos.terminal.ui.kit.painting import faded, focus_ring, mixed, rounded
from hmis_pos.terminal.ui.kit.theme import Theme, current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

_GAP = 10.0
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Look:
    """How a button looks in one state."""

    ink: QColor
    fill: QColor | None = None
    line: QColor | None = None
    width: float = 1.0
    key_line: QColor | None = None


class Button(QPushButton):
    """Base of the buttons: text, an icon before it, a key cap behind it.

    Args:
        text: says exactly what will happen, for example "Take 5,000.00 and print".
        key: the key sequence that works it, `Return` or `F5`; shown, not bound.
        icon: name of an icon before the text.
        parent: as everywhere in Qt.
    """

    HEIGHT = 44
    TEXT = Text.BODY
    WEIGHT = Weight.STRONG

    def __init__(self, text: str = "", key: str = "", *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self._key = ""
        self._icon = icon
        self.setFont(font(self.TEXT, self.WEIGHT))
        self.setFixedHeight(self.HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setText(text)
        self.set_key(key)

    def setText(self, text: str) -> None:
        """Set the words; `&` is an ampersand, keys are bound elsewhere."""
        self._words = text
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def text(self) -> str:
        return self._words

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001 - as in Qt
        if not visible:
            give_up_focus(self)
        super().setVisible(visible)

    def setEnabled(self, enabled: bool) -> None:  # noqa: FBT001 - as in Qt
        if not enabled:
            give_up_focus(self)
        super().setEnabled(enabled)

    def set_key(self, sequence: str) -> None:
        """Show another key, or none."""
        self._key = key_words(sequence) if sequence else ""
        self.setAccessibleDescription(self._key)
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Show another icon, or none."""
        if icon != self._icon:
            self._icon = icon
            self.updateGeometry()
            self.update()

    def look(self, theme: Theme) -> Look:
        """Colours of the present state."""
        if not self.isEnabled():
            return Look(ink=theme.ink_3, fill=theme.sunken, line=theme.line)
        fill = theme.surface
        if self.isDown():
            fill = theme.sunken
        elif self.underMouse():
            fill = mixed(theme.surface, theme.sunken, 0.6)
        return Look(ink=theme.ink, fill=fill, line=theme.line_strong)

    def sizeHint(self) -> QSize:
        return QSize(round(self._content_width() + 2 * 16), self.HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._content_width() + 2 * 8), self.HEIGHT)

    def _content_width(self) -> float:
        width = float(self.fontMetrics().horizontalAdvance(self._words))
        if self._key:
            width += _GAP + keycap_width(self._key)
        if self._icon:
            width += 20 + (8 if self._words else 0)
        return width

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        look = self.look(theme)
        painter = QPainter(self)
        radius = sizes().radius_control
        rect = QRectF(self.rect())
        rounded(painter, rect, radius, fill=look.fill, line=look.line, width=look.width)
        self._paint_content(painter, rect, look)
        if self.hasFocus():
            focus_ring(painter, rect, radius, theme, gap=theme.surface)

    def _paint_content(self, painter: QPainter, rect: QRectF, look: Look) -> None:
        room = rect.width() - 16
        show_key = bool(self._key) and self._content_width() <= room
        width = min(self._content_width(), room)
        if self._key and not show_key:
            width = min(self._content_width() - _GAP - keycap_width(self._key), room)
        left = rect.left() + (rect.width() - width) / 2
        middle = rect.center().y()
        if self._icon:
            paint_icon(painter, QRectF(round(left), middle - 10, 20, 20), self._icon, look.ink)
            left += 28
        key_room = _GAP + keycap_width(self._key) if show_key else 0.0
        text_room = rect.left() + (rect.width() + width) / 2 - left - key_room
        painter.setFont(self.font())
        painter.setPen(look.ink)
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, round(text_room) + 1)
        painter.drawText(
            QRectF(left, rect.top(), text_room + 2, rect.height()),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            words,
        )
        if show_key:
            line = look.key_line or faded(look.ink, 0.55)
            at = QPointF(left + text_room + _GAP, middle)
            paint_keycap(painter, at, self._key, ink=look.ink, line=line)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_plain_enter(event):
            event.accept()  # Enter on this button is this button, and not the main action of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_plain_enter(event):
            if event.isAutoRepeat():
                return  # a key held down acts once
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


def _is_plain_enter(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent) or event.key() not in _ENTER:
        return False
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class PrimaryButton(Button):
    """The one main action of a place: 56 px, bottom right, filled."""

    HEIGHT = 56
    TEXT = Text.TITLE
    WEIGHT = Weight.NUMBER

    def look(self, theme: Theme) -> Look:
        if not self.isEnabled():
            return Look(ink=theme.ink_3, fill=theme.sunken, line=theme.line)
        fill = theme.accent
        if self.isDown():
            fill = mixed(theme.accent, theme.ink, 0.18)
        elif self.underMouse():
            fill = mixed(theme.accent, theme.ink, 0.08)
        ink = theme.accent_ink
        return Look(ink=ink, fill=fill, key_line=faded(ink, 0.7))


class SecondaryButton(Button):
    """Any other action: 44 px, outlined.

    Checkable, it is a choice such as a quick note; the chosen one has an accent line and ink.
    """

    def look(self, theme: Theme) -> Look:
        plain = super().look(theme)
        if self.isCheckable() and self.isEnabled():
            if self.isChecked():
                return Look(ink=theme.accent, fill=plain.fill, line=theme.accent, width=2.0)
            return Look(ink=theme.ink, fill=plain.fill, line=theme.line)
        return plain


class DangerButton(Button):
    """An action that refuses or undoes something: outlined in the colour of no."""

    def look(self, theme: Theme) -> Look:
        plain = super().look(theme)
        if not self.isEnabled():
            return plain
        fill = theme.no_soft if self.isDown() or self.underMouse() else plain.fill
        return Look(ink=theme.no, fill=fill, line=theme.no)


class QuietButton(Button):
    """A button without a line, for places where a line would be noise (a toast, a panel's head)."""

    def look(self, theme: Theme) -> Look:
        if not self.isEnabled():
            return Look(ink=theme.ink_3)
        fill = theme.sunken if self.isDown() or self.underMouse() else None
        return Look(ink=theme.accent if self._words else theme.ink_2, fill=fill)
