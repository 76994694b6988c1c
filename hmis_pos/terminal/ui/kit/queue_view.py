"""The list of the queue: cards of one height, so that a hundred thousand cost what ten cost."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from hmis_pos.terminal.ui.kit.queue_delegate import QueueDelegate


class QueueView(QListView):
    """A list view set up for `QueueDelegate`; give it a model with `roles.QueueRole` data.

    Arrows, Page, Home and End move the selection even while another widget has the focus, by
    `step`. Letters are left to the shortcuts: the search finds, the list does not.

    Args:
        name: accessible name.
        margin: room right of the cards, in which the scroll bar appears when it is needed.
        parent: as everywhere in Qt.
    """

    def __init__(self, name: str, margin: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._margin = margin
        self.setAccessibleName(name)
        self.setItemDelegate(QueueDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(32)
        self.verticalScrollBar().rangeChanged.connect(self._keep_width)
        self._keep_width(0, 0)

    def _keep_width(self, least: int, most: int) -> None:
        """Cards keep their width: the scroll bar comes out in the margin, where there is one."""
        bar = self.verticalScrollBar().sizeHint().width() if most > least else 0
        self.setViewportMargins(0, 0, max(0, self._margin - bar), 0)

    def step(self, rows: int) -> None:
        """Move the selection by `rows`, not beyond the ends; from nowhere to the first row."""
        model: QAbstractItemModel | None = self.model()  # None until one is set
        if model is None or not model.rowCount():
            return
        current = self.currentIndex()
        row = current.row() + rows if current.isValid() else 0
        self.setCurrentIndex(model.index(min(max(row, 0), model.rowCount() - 1), 0))

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: typing belongs to the search field."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A press chooses; a mouse that is drawn over other cards with it does not."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the window's main action
            return
        super().keyPressEvent(event)
