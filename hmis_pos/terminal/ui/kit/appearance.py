"""Shows a theme: palette, stylesheet and font of the application, changed while it runs."""

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from hmis_pos.terminal.ui.kit import typeface
from hmis_pos.terminal.ui.kit.stylesheet import stylesheet
from hmis_pos.terminal.ui.kit.theme import Theme, current_theme, remember, themes


class Mode(StrEnum):
    """What the person chose: follow the desktop, or one of the two."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def palette_of(theme: Theme) -> QPalette:
    """Qt's palette of a theme, for everything the kit does not paint itself."""
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, theme.bg),
        (role.WindowText, theme.ink),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.sunken),
        (role.Text, theme.ink),
        (role.PlaceholderText, theme.ink_3),
        (role.Button, theme.surface),
        (role.ButtonText, theme.ink),
        (role.BrightText, theme.no),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.accent_ink),
        (role.Accent, theme.accent),
        (role.Link, theme.wait),
        (role.LinkVisited, theme.wait),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.ink),
        (role.Light, theme.raised),
        (role.Midlight, theme.line),
        (role.Mid, theme.line_strong),
        (role.Dark, theme.line_strong),
        (role.Shadow, theme.line_strong),
    ):
        palette.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.ink_3)
    return palette


class Appearance(QObject):
    """Applies a theme to the application and changes it at run time.

    `changed` carries the new `Theme`, after it was applied. With `Mode.SYSTEM` it follows the
    desktop; a desktop that does not say is taken as light.
    """

    changed = Signal(Theme)

    def __init__(self, app: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        typeface.register()
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def theme(self) -> Theme:
        return current_theme()

    def set_mode(self, mode: Mode) -> None:
        """Show another theme, at once and everywhere."""
        if mode is not self._mode:
            self._mode = mode
            self._apply()

    def toggle(self) -> None:
        """From whatever is shown to the other one; the choice then stays, whatever the desktop does."""
        self.set_mode(Mode.LIGHT if self.theme.dark else Mode.DARK)

    def _follow_system(self) -> None:
        if self._mode is Mode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        dark = self._mode is Mode.DARK
        if self._mode is Mode.SYSTEM:
            dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        theme = themes()["dark" if dark else "light"]
        remember(self._app, theme)
        self._app.setFont(typeface.font(typeface.Text.BODY))
        self._app.setPalette(palette_of(theme))
        self._app.setStyleSheet(stylesheet(theme))
        self.changed.emit(theme)
