"""The window itself: it holds one page at a time, remembers where it stood, and asks before it closes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QIcon, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from hmis_pos import resources
from hmis_pos.terminal.ui.kit.scanner import Scanner
from hmis_pos.terminal.ui.kit.states import ErrorState
from hmis_pos.terminal.ui.preferences import Preferences

_LEAST = (900, 500)
_FIRST = (1366, 768)


class MainWindow(QMainWindow):
    """A frame for the pages.

    ``closeAsked`` says that a person wants to leave; whoever hears it calls :meth:`leave`. ``scanned`` carries a barcode.
    ``painted`` comes once, with the first paint.
    """

    closeAsked = Signal()
    painted = Signal()
    scanned = Signal(str)

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("HMIS POS")
        self.setWindowIcon(QIcon(str(resources.path("app", "hmis-pos.png"))))
        self.setMinimumSize(*_LEAST)
        self._preferences = preferences
        self._leaving = False
        self._was_painted = False
        self.resize(*_FIRST)
        if not preferences.geometry.isEmpty():
            self.restoreGeometry(preferences.geometry)
        self._scanner = Scanner(self)
        self._scanner.scanned.connect(self.scanned)

    def show_page(self, page: QWidget) -> None:
        """Show another page; the one before is deleted."""
        before = self.takeCentralWidget()
        self.setCentralWidget(page)
        if before is not None and before is not page:
            before.hide()
            before.deleteLater()

    def show_problem(self, title: str, advice: str) -> ErrorState:
        """The till cannot start: say why and what to do. The page's ``acted`` says that a person wants to try again."""
        page = ErrorState(title, advice, action=self.tr("Try again"))
        page.setObjectName("startProblem")
        self.show_page(page)
        page.button.setFocus()
        return page

    def toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def leave(self) -> None:
        """Close for good."""
        self._leaving = True
        self._preferences.geometry = self.saveGeometry()
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._leaving:
            event.accept()
            return
        event.ignore()
        self.closeAsked.emit()
