"""What the patient sees: hospital, first name, amount, how to pay; then that it is paid, and the change.

Everything grows with the window: it is read from two metres away, on whatever monitor the hospital had left.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.patient_display import DisplayStage, DisplayView, PatientDisplayPresenter
from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.qr_picture import QrPicture
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font
from hmis_pos.terminal.ui.screens.patient.voices import Voices

_HEIGHT = 768  # of the window the sizes below are meant for
_WIDTH = 1366
_LEAST = 0.3
_QR = 380
_SIGNS = 10  # a line of figures longer than this is drawn smaller

WELCOME = QT_TRANSLATE_NOOP("patient-display", "Welcome")
READY = QT_TRANSLATE_NOOP("patient-display", "Please have your invoice or patient number ready.")
TO_PAY = QT_TRANSLATE_NOOP("patient-display", "To pay, KSh")
OWN_PHONE = QT_TRANSLATE_NOOP("patient-display", "Pay here, or with M-Pesa from your own phone")
PAYBILL = QT_TRANSLATE_NOOP("patient-display", "Paybill")
TILL = QT_TRANSLATE_NOOP("patient-display", "Till number")
ACCOUNT = QT_TRANSLATE_NOOP("patient-display", "Account")
PIN = QT_TRANSLATE_NOOP("patient-display", "Enter your M-Pesa PIN on {phone}")
PIN_ANY = QT_TRANSLATE_NOOP("patient-display", "Enter your M-Pesa PIN on your phone")
CHECKING = QT_TRANSLATE_NOOP("patient-display", "We are looking for your payment. Please do not pay again.")
PAID = QT_TRANSLATE_NOOP("patient-display", "Paid, thank you")
NO_PIN = QT_TRANSLATE_NOOP("patient-display", "Do not enter the PIN any more: it is paid.")
CHANGE = QT_TRANSLATE_NOOP("patient-display", "Your change, KSh")
RECEIVED = QT_TRANSLATE_NOOP("patient-display", "Received: {amount}")
REST = QT_TRANSLATE_NOOP("patient-display", "Still to pay: {amount}")


class Big(QLabel):
    """A line whose size follows the window. Plain text only: it may hold a name."""

    def __init__(self, px: int, *, weight: Weight = Weight.BODY, tone: str = "ink") -> None:
        super().__init__()
        self._px = px
        self._weight = weight
        self._share = 1.0
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setProperty("tone", tone)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def scale_to(self, share: float) -> None:
        """Be as big as the window allows; a line that does not wrap gives way to its length."""
        self._share = share
        made: QFont = font(Text.AMOUNT, self._weight)
        fits = 1.0 if self.wordWrap() else min(1.0, _SIGNS / max(1, len(self.text())))
        made.setPixelSize(max(11, round(self._px * share * fits)))
        self.setFont(made)

    def say(self, text: str) -> None:
        """Show a text; nothing hides the line."""
        self.setText(text)
        self.setVisible(bool(text))
        self.scale_to(self._share)

    def set_tone(self, tone: str) -> None:
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
            self.scale_to(self._share)  # the stylesheet takes the font back


class Mark(QWidget):
    """The sign of the state beside its words: a check, a clock, a phone."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._tone = "", Tone.NEUTRAL

    def show_sign(self, icon: str, tone: Tone) -> None:
        self._icon, self._tone = icon, tone
        self.setVisible(bool(icon))
        self.update()

    def scale_to(self, share: float) -> None:
        side = max(24, round(72 * share))
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._icon:
            return
        theme, painter, rect = current_theme(), QPainter(self), QRectF(self.rect())
        rounded(painter, rect, 999, fill=theme.soft_of(self._tone))
        rim = rect.width() * 0.22
        paint_icon(painter, rect.adjusted(rim, rim, -rim, -rim), self._icon, theme.ink_of(self._tone))


class PatientWindow(QWidget):
    """A window of its own that accepts no focus: the keyboard stays with the cashier."""

    def __init__(self, presenter: PatientDisplayPresenter, voices: Voices) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setObjectName("patientWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle(self.tr("HMIS POS, the patient's screen"))
        self.setAccessibleName(self.tr("The patient's screen"))
        self.setMinimumSize(480, 320)
        self.resize(_WIDTH * 2 // 3, _HEIGHT * 2 // 3)
        self._presenter = presenter
        self._voices = voices
        self.hospital = Big(30, weight=Weight.NUMBER)
        self.person = Big(30, tone="ink-2")
        self.title = Big(54, weight=Weight.NUMBER)
        self.below = Big(38, tone="ink-2")
        self.amount = Big(148, weight=Weight.NUMBER)
        self.amount.setWordWrap(False)
        self.note = Big(30, tone="ink-2")
        self.note_below = Big(26, tone="ink-2")
        self.mark = Mark()
        self.how, self.how_below = Big(26, weight=Weight.STRONG), Big(24, tone="ink-2")
        self.to_words, self.to = Big(22, tone="ink-2"), Big(60, weight=Weight.NUMBER)
        self.account_words, self.account = Big(22, tone="ink-2"), Big(60, weight=Weight.NUMBER)
        self.qr = QrPicture(self.tr("QR code to pay with M-Pesa"), _QR)
        self._lay_out()
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.hospital, 1)
        head.addWidget(self.person)
        self.person.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        said = QHBoxLayout()
        said.setSpacing(24)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.below)
        said.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addLayout(words, 1)
        self._card = QWidget()
        self._card.setObjectName("patientPay")
        numbers = QVBoxLayout(self._card)
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.setSpacing(0)
        numbers.addWidget(self.how)
        numbers.addWidget(self.how_below)
        numbers.addSpacing(12)
        pair = QHBoxLayout()
        pair.setSpacing(40)
        for caption, number in ((self.to_words, self.to), (self.account_words, self.account)):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(caption)
            column.addWidget(number)
            number.setWordWrap(False)
            pair.addLayout(column)
        pair.addStretch(1)
        numbers.addLayout(pair)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addStretch(1)
        left.addLayout(said)
        left.addWidget(self.amount)
        left.addSpacing(12)
        left.addWidget(self.note)
        left.addWidget(self.note_below)
        left.addStretch(1)
        left.addWidget(self._card)
        body = QHBoxLayout()
        body.setSpacing(32)
        body.addLayout(left, 1)
        body.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignBottom)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addLayout(body, 1)

    # ------------------------------------------------------------ the view

    def render_view(self, view: DisplayView) -> None:
        """Show a state whole."""
        self.hospital.say(view.hospital)
        self.person.say(" · ".join(part for part in (view.first_name, view.invoice_number) if part))
        tone, icon = _LOOK.get(view.stage, (Tone.NEUTRAL, ""))
        self.mark.show_sign(icon, tone)
        self.title.set_tone("ink" if tone is Tone.NEUTRAL else tone.value)
        for label, text in zip((self.title, self.below), self._title(view), strict=True):
            label.say(text)
        self.amount.say(view.change if view.stage is DisplayStage.CHANGE else view.amount)
        for label, text in zip((self.note, self.note_below), self._note(view), strict=True):
            label.say(text)
        self._show_pay(view)

    def _title(self, view: DisplayView) -> tuple[str, str]:
        say = self._voices.say
        match view.stage:
            case DisplayStage.IDLE:
                return say(WELCOME)
            case DisplayStage.DUE:
                return say(TO_PAY)
            case DisplayStage.PIN:
                return say(PIN, phone=view.phone) if view.phone else say(PIN_ANY)
            case DisplayStage.CHECKING:
                return say(CHECKING)
            case DisplayStage.CHANGE if view.change:
                return say(CHANGE)
            case _:
                return say(PAID)

    def _note(self, view: DisplayView) -> tuple[str, str]:
        say = self._voices.say
        if view.stage is DisplayStage.IDLE:
            return say(READY)
        if view.no_pin:
            return say(NO_PIN)
        if view.rest and view.stage in (DisplayStage.CHANGE, DisplayStage.PAID):
            return say(REST, amount=view.rest)
        if view.stage is DisplayStage.CHANGE and view.change:
            return say(RECEIVED, amount=view.amount)
        return "", ""

    def _show_pay(self, view: DisplayView) -> None:
        pay = view.pay
        self._card.setVisible(view.stage is DisplayStage.DUE and pay.is_shown)
        for label, text in zip((self.how, self.how_below), self._voices.say(OWN_PHONE), strict=True):
            label.say(text)
        self.to_words.say(self._voices.line(TILL if pay.is_till else PAYBILL))
        self.to.say(pay.shortcode)
        self.account_words.say(self._voices.line(ACCOUNT) if pay.account else "")
        self.account.say(pay.account)
        self.qr.show_png(pay.png)
        self.qr.setVisible(view.stage is DisplayStage.DUE and bool(pay.png))

    # ------------------------------------------------------------ the window

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        share = max(_LEAST, min(self.height() / _HEIGHT, self.width() / _WIDTH))
        for part in self.findChildren(Big):
            part.scale_to(share)
        self.mark.scale_to(share)
        self.qr.set_side(round(_QR * share))
        edge = round(56 * share)
        self._column.setContentsMargins(edge, edge * 2 // 3, edge, edge)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._presenter.look(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._presenter.look(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), current_theme().surface)


_LOOK = {
    DisplayStage.PIN: (Tone.WAIT, "phone-ringing"),
    DisplayStage.CHECKING: (Tone.UNKNOWN, "clock"),
    DisplayStage.PAID: (Tone.OK, "check"),
    DisplayStage.CHANGE: (Tone.OK, "check"),
}
