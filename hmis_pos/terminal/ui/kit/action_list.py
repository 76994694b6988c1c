"""A list of actions with their keys; two sheets show one."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from hmis_pos.terminal.ui.kit.keycap import key_words, keycap_width, paint_keycap
from hmis_pos.terminal.ui.kit.keys import Action
from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

ROW = 40
Row = Action | str  # a string is the name of a place, above its actions
_ROOT = QModelIndex()


class ActionModel(QAbstractListModel):
    """Rows of actions and headings."""

    ROW = int(Qt.ItemDataRole.UserRole) + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == self.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row if isinstance(row, str) else row.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if isinstance(row, str):
                return row
            return ", ".join([row.label, *(key_words(key) for key in row.keys)])
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Rows(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        heading = isinstance(index.data(ActionModel.ROW), str)
        return QSize(200, 34 if heading else ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = current_theme()
        row = index.data(ActionModel.ROW)
        rect = QRectF(option.rect)
        state = option.state
        painter.save()
        if isinstance(row, str):
            painter.setFont(font(Text.CAPTION, Weight.STRONG))
            painter.setPen(theme.ink_3)
            low = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            painter.drawText(rect.adjusted(12, 0, -12, -6), low, row)
        else:
            if state & QStyle.StateFlag.State_Selected:
                rounded(painter, rect, sizes().radius_control, fill=theme.accent_soft)
            self._paint_action(painter, rect.adjusted(12, 0, -12, 0), row)
        painter.restore()

    def _paint_action(self, painter: QPainter, room: QRectF, action: Action) -> None:
        theme = current_theme()
        right = room.right()
        for key in reversed(action.keys):
            words = key_words(key)
            right -= keycap_width(words)
            at = QPointF(right, room.center().y())
            paint_keycap(painter, at, words, ink=theme.ink_2, line=theme.line_strong)
            right -= 6
        made = font(Text.BODY)
        room.setRight(right - 8)
        label = QFontMetrics(made).elidedText(action.label, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.setFont(made)
        painter.setPen(theme.ink)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), label)


class ActionList(QListView):
    """Shows an `ActionModel`; the mouse can choose, the keyboard does."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(_Rows(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.actions_model = ActionModel(self)
        self.setModel(self.actions_model)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; the first action is chosen."""
        self.actions_model.show_rows(rows)
        self._choose_from(0, 1)

    def chosen(self) -> Action | None:
        row = self.currentIndex().data(ActionModel.ROW)
        return row if isinstance(row, Action) else None

    def step(self, by: int) -> None:
        """Choose the next or the one before, past headings."""
        self._choose_from(self.currentIndex().row() + by, 1 if by > 0 else -1)

    def _choose_from(self, row: int, direction: int) -> None:
        while 0 <= row < self.actions_model.rowCount():
            index = self.actions_model.index(row)
            if isinstance(index.data(ActionModel.ROW), Action):
                self.setCurrentIndex(index)
                return
            row += direction
