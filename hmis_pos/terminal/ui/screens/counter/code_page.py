"""The patient shows an M-Pesa message: type or scan its code, then see what becomes of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.presenters.codes import CodesPresenter, CodeStage, CodeView
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import PrimaryButton, SecondaryButton
from hmis_pos.terminal.ui.kit.field import LabelledField, LineField
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.steps import StepList
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font
from hmis_pos.terminal.ui.screens.counter.panel_page import Asked, PanelPage
from hmis_pos.terminal.ui.screens.rendering import show_action, show_notice, show_steps, show_words

_LONGEST = 200  # a whole message may be pasted


class CodePage(PanelPage):
    """Follows the presenter; what shows it goes by ``CodeView.stage``."""

    def __init__(self, presenter: CodesPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codePage")
        self._presenter = presenter
        self._title = Label(self.tr("The patient has a code"), size=Text.TITLE, weight=Weight.STRONG)
        self._lead = Label(
            self.tr("Type or scan the code of the M-Pesa message. It counts once Safaricom confirms it."),
            tone="ink-2",
            wrap=True,
        )
        self.code = LineField()
        self.code.setObjectName("codeField")
        self.code.setFont(font(Text.HEADING, Weight.STRONG))
        self.code.setMaxLength(_LONGEST)
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhUppercaseOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self._field = LabelledField(self.tr("M-Pesa code"), self.code)
        self._shown = Asked()
        self._shown.amount.setObjectName("codeShown")
        self._notice = Banner()
        self._notice.setObjectName("codeNotice")
        self._steps = StepList()
        self._steps.setObjectName("codeSteps")
        self._problem = Banner()
        self._problem.setObjectName("codeProblem")
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName("codePrimary")
        self._back = SecondaryButton(self.tr("Back to asking the phone"), "Escape")
        self._back.setObjectName("codeBack")
        for part in (self._title, self._lead, self._field, self._shown, self._notice, self._steps, self._problem):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.foot.addWidget(self.primary)
        self.foot.addWidget(self._back)
        self.code.textEdited.connect(presenter.set_text)
        self.primary.clicked.connect(presenter.enter)
        self._back.clicked.connect(presenter.close)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: CodeView) -> None:
        """Show a state whole."""
        entry = view.stage is CodeStage.ENTRY
        for part in (self._title, self._lead, self._field):
            part.setVisible(entry)
        if self.code.text() != view.text:
            self._fill(view.text)
        self.code.show_problem(view.field_problem)
        self._field.set_hint(view.hint)
        self._shown.setVisible(bool(view.code))
        self._shown.show_amount(self.tr("Code"), view.code)
        show_notice(self._notice, view.notice)
        show_steps(self._steps, view.steps)
        show_words(self._problem, Tone.UNKNOWN, view.problem)
        show_action(self.primary, view.primary)

    def focus_first(self) -> None:
        """Into the field while there is one."""
        if self._presenter.view.stage is CodeStage.ENTRY:
            self.code.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.code.selectAll()
        else:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fill(self, text: str) -> None:
        """The code as it is read: upper case, without spaces; the caret stays where it was."""
        caret = self.code.cursorPosition() - max(0, len(self.code.text()) - len(text))
        self.code.setText(text)
        self.code.setCursorPosition(max(0, min(len(text), caret)))
