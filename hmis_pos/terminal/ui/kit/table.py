"""Tables: services of an invoice, payments of a day."""

from collections.abc import Collection

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.painting import focus_ring, rounded
from hmis_pos.terminal.ui.kit.theme import current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, font

ROW = 35
_GUTTER = 24
_MARK = 14  # an icon before the words of a cell
_MARK_GAP = 5
_PART = 16  # words that follow an amount keep this much more away from it
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class _Cells(QStyledItemDelegate):
    """Paints cells: numbers to the right, a hairline below, words elided; an icon's name as decoration before the words."""

    def __init__(self, view: "TableView", numbers: frozenset[int]) -> None:
        super().__init__(view)
        self._view = view
        self._numbers = numbers
        self._font = font(Text.BODY)
        self._metrics = QFontMetrics(self._font)
        self._figures = font(Text.BODY, tabular=True)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        metrics = QFontMetrics(self._figures) if index.column() in self._numbers else self._metrics
        mark = _MARK + _MARK_GAP if index.data(Qt.ItemDataRole.DecorationRole) else 0
        mark += self._view.parting(index.column())
        return QSize(metrics.horizontalAdvance(words) + _GUTTER + mark, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = current_theme()
        state = option.state
        cell = QRectF(option.rect)
        painter.save()
        ground = cell.adjusted(0, 1, 0, -2)
        first = index.column() == 0
        last = index.column() == self._view.last_column()
        if state & QStyle.StateFlag.State_Selected:
            # One ground for the whole row, with round ends.
            painter.setClipRect(cell)
            wide = ground.adjusted(0 if first else -20, 0, 0 if last else 20, 0)
            rounded(painter, wide, 6, fill=theme.accent_soft)
        elif index.row() == self._view.hovered_row():
            painter.fillRect(ground, theme.sunken)
        painter.fillRect(QRectF(cell.left(), cell.bottom() - 1, cell.width(), 1), theme.line)
        flush = self._view.is_flush()
        left = 0 if first and flush else 8 + self._view.parting(index.column())
        right = 0 if last and flush else 8
        room = cell.adjusted(left, 0, -right, -1)
        ink = index.data(Qt.ItemDataRole.ForegroundRole) or theme.ink
        mark = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(mark, str) and mark:
            paint_icon(painter, QRectF(room.left(), round(room.center().y() - _MARK / 2), _MARK, _MARK), mark, ink)
            room.setLeft(room.left() + _MARK + _MARK_GAP)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        words = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.setFont(self._figures if index.column() in self._numbers else self._font)
        painter.setPen(ink)
        painter.drawText(room, _RIGHT if index.column() in self._numbers else _LEFT, words)
        painter.restore()


class _Header(QHeaderView):
    """Captions above the columns, aligned as the cells are."""

    def __init__(self, view: "TableView", numbers: frozenset[int]) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self._numbers = numbers
        self.setHighlightSections(False)
        self.setFixedHeight(ROW)

    def paintSection(self, painter: QPainter, rect: object, logicalIndex: int) -> None:  # noqa: N803 - Qt's name
        theme = current_theme()
        cell = QRectF(rect)  # type: ignore[call-overload]
        painter.save()
        painter.fillRect(QRectF(cell.left(), cell.bottom() - 1, cell.width(), 1), theme.line)
        flush = self._view.is_flush()
        left = 0 if logicalIndex == 0 and flush else 8 + self._view.parting(logicalIndex)
        right = 0 if logicalIndex == self._view.last_column() and flush else 8
        words = self.model().headerData(logicalIndex, self.orientation())
        painter.setFont(font(Text.CAPTION))
        painter.setPen(theme.ink_2)
        painter.drawText(
            cell.adjusted(left, 0, -right, -1),
            _RIGHT if logicalIndex in self._numbers else _LEFT,
            str(words or ""),
        )
        painter.restore()


class TableView(QTableView):
    """A calm table: captions, hairlines, numbers at the right, whole rows selected.

    Args:
        name: accessible name.
        numbers: columns that hold amounts or counts.
        selectable: rows can be chosen; without, the table is only read and takes no focus.
        parent: as everywhere in Qt.
    """

    def __init__(
        self,
        name: str,
        numbers: Collection[int] = (),
        *,
        selectable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        right = frozenset(numbers)
        self._right = right
        self._selectable = selectable
        self._hovered = -1
        self.setAccessibleName(name)
        self.setItemDelegate(_Cells(self, right))
        self.setHorizontalHeader(_Header(self, right))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        if selectable:
            self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
            self.setMouseTracking(True)
            self.entered.connect(self._hover)
        else:
            self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Set the model; the first column takes the room that is left."""
        super().setModel(model)
        header = self.horizontalHeader()
        if model is not None and model.columnCount():
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            header.setMinimumSectionSize(56)

    def last_column(self) -> int:
        model: QAbstractItemModel | None = self.model()
        return model.columnCount() - 1 if model is not None else -1

    def parting(self, column: int) -> int:
        """How much further words keep away from the amount before them."""
        return _PART if column not in self._right and column - 1 in self._right else 0

    def hovered_row(self) -> int:
        """The row under the mouse; -1 for none."""
        return self._hovered

    def is_flush(self) -> bool:
        """Whether words start at the very edge: so in tables that are only read."""
        return not self._selectable

    def content_height(self) -> int:
        """The height that shows every row, for tables that stand in a page that scrolls."""
        model: QAbstractItemModel | None = self.model()
        rows = model.rowCount() if model is not None else 0
        return ROW * (rows + 1) + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        current = self.currentIndex()
        if not (self.hasFocus() and current.isValid()):
            return
        row = self.visualRect(current)
        row.setLeft(0)
        row.setWidth(self.viewport().width())
        painter = QPainter(self.viewport())
        focus_ring(painter, QRectF(row).adjusted(0, 0, 0, -1), 6, current_theme())
        painter.end()

    def _hover(self, index: QModelIndex) -> None:
        self._hovered = index.row()
        self.viewport().update()
