"""Approving or rejecting a refund, by somebody else than who asked for it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.refunds import RefundsPresenter
from hmis_pos.terminal.presenters.refunds_view import RefundsView
from hmis_pos.terminal.presenters.views import Notice
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import DangerButton, PrimaryButton
from hmis_pos.terminal.ui.kit.field import LabelledField, LineField
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.rendering import clear_layout, show_action, show_notice, show_words


class DecisionColumn(Surface):
    """The right column: what speaks for it and against it, a note, and the two answers."""

    def __init__(self, presenter: RefundsPresenter, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.setObjectName("refundDecision")
        self._presenter = presenter
        self._shown: tuple[Notice, ...] | None = None
        self._title = Label(size=Text.TITLE, weight=Weight.STRONG, wrap=True)
        self._title.setObjectName("refundDecideAs")
        self._checks = QVBoxLayout()
        self._checks.setSpacing(10)
        self.note = LineField()
        self.note.setObjectName("refundNote")
        self.note.setMaxLength(200)
        self._field = LabelledField(self.tr("Note"), self.note, self.tr("Needed to say no; who asked reads it."))
        self._problem = Banner()
        self._problem.setObjectName("refundProblem")
        self.approve = PrimaryButton("", "Ctrl+Return")
        self.approve.setObjectName("refundApprove")
        self.reject = DangerButton("", "F8")
        self.reject.setObjectName("refundReject")
        column = QVBoxLayout(self)
        column.setContentsMargins(21, 14, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addLayout(self._checks)
        column.addWidget(self._field)
        column.addWidget(self._problem)
        column.addStretch(1)
        column.addWidget(self.approve)
        column.addWidget(self.reject)
        self.note.textEdited.connect(presenter.set_note)
        self.approve.clicked.connect(presenter.approve)
        self.reject.clicked.connect(presenter.reject)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, _view: RefundsView) -> None:
        """Show a state whole."""
        view = self._presenter.view.decision
        self._title.setText(view.title)
        self._show_checks(view.checks)
        self._field.setVisible(bool(view.reject.label) and not view.reject.why_not)
        if self.note.text() != view.note:
            self.note.setText(view.note)
        self.note.show_problem(view.note_problem)
        show_words(self._problem, Tone.NO, view.problem)
        show_action(self.approve, view.approve)
        show_action(self.reject, view.reject)

    def _show_checks(self, checks: tuple[Notice, ...]) -> None:
        if checks == self._shown:
            return
        self._shown = checks
        clear_layout(self._checks)
        for check in checks:
            banner = Banner()
            self._checks.addWidget(banner)  # before it is shown: without a parent it would be a window for a moment
            show_notice(banner, check)
