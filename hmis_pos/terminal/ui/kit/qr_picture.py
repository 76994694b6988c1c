"""A QR code that came as a picture. It stands on white in every theme: a phone's camera wants dark on light."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes

_QUIET = 0.06  # the white rim, a share of the width


class QrPicture(QWidget):
    """A square of a fixed size.

    Args:
        name: accessible name; what the code is for.
        side: in logical pixels.
        parent: as everywhere in Qt.
    """

    def __init__(self, name: str, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._side = side
        self._png = b""
        self._picture = QPixmap()
        self.setFixedSize(QSize(side, side))

    @property
    def has_picture(self) -> bool:
        return not self._picture.isNull()

    def set_side(self, side: int) -> None:
        """Another size."""
        if side != self._side:
            self._side = side
            self.setFixedSize(QSize(side, side))

    def show_png(self, png: bytes) -> None:
        """Show a picture; nothing, or what is none, leaves an empty square."""
        if png != self._png:
            self._png = png
            self._picture = QPixmap()
            self._picture.loadFromData(png)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = sizes().radius_control
        if not self.has_picture:
            rounded(painter, rect, radius, fill=current_theme().sunken)
            return
        rounded(painter, rect, radius, fill=QColor("white"), line=current_theme().line)
        clip = QPainterPath()
        clip.addRoundedRect(rect, radius, radius)
        painter.setClipPath(clip)
        rim = rect.width() * _QUIET
        room = rect.adjusted(rim, rim, -rim, -rim)
        smaller = self._picture.width() > room.width() * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
        picture = self._picture.scaled(
            (room.size() * self.devicePixelRatioF()).toSize(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation if smaller else Qt.TransformationMode.FastTransformation,
        )
        painter.drawPixmap(room, picture, QRectF(picture.rect()))
