"""The one stylesheet: what Qt's own widgets need to look like the rest of the kit.

Controls of the kit paint themselves and are not named here. Fonts are set on widgets, never here.
"""

from string import Template

from PySide6.QtGui import QColor

from hmis_pos.terminal.ui.kit.theme import Theme, Tone, sizes

_SHEET = Template("""
QToolTip {
  color: $ink; background: $raised; border: 1px solid $line_strong; padding: 4px 8px;
}
QMainWindow, QDialog { background: $bg; }
QLineEdit, QPlainTextEdit {
  color: $ink; background: transparent; border: none; padding: 0;
  selection-background-color: $accent_soft; selection-color: $ink;
  placeholder-text-color: $ink_3;
}
QLineEdit:disabled { color: $ink_3; }
QLabel { color: $ink; background: transparent; }
QLabel:disabled { color: $ink_3; }
QAbstractItemView {
  color: $ink; background: transparent; border: none; outline: none;
  selection-background-color: transparent; selection-color: $ink;
}
QTableView { gridline-color: transparent; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
  color: $ink_2; background: transparent; border: none; border-bottom: 1px solid $line;
  padding: 0 8px;
}
QTableCornerButton::section { background: transparent; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line_strong; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $ink_3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenu { color: $ink; background: $raised; border: 1px solid $line_strong; padding: 4px; }
QMenu::item { padding: 8px 16px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
""")


def stylesheet(theme: Theme) -> str:
    """The stylesheet of a theme."""
    names = [name for name in Theme.__dataclass_fields__ if name not in {"name", "dark"}]
    sheet = _SHEET.substitute({name: theme.colour(name).name() for name in names})
    tones = {token: theme.colour(token) for token in ("ink", "ink-2", "ink-3", "accent-ink")}
    tones |= {tone.value: theme.ink_of(tone) for tone in Tone if tone is not Tone.NEUTRAL}
    return sheet + "".join(_label(name, colour) for name, colour in tones.items()) + _controls(theme)


def _label(tone: str, colour: QColor) -> str:
    return f'QLabel[tone="{tone}"] {{ color: {colour.name()}; }}\n'


def _controls(theme: Theme) -> str:
    radius = sizes().radius_control
    return (
        f"QPlainTextEdit {{ background: {theme.surface.name()}; border: 1px solid {theme.line_strong.name()};"
        f" border-radius: {radius}px; padding: 8px; }}\n"
        f"QPlainTextEdit:focus {{ border: 2px solid {theme.focus.name()}; padding: 7px; }}\n"
        f"QComboBox QAbstractItemView {{ background: {theme.raised.name()};"
        f" border: 1px solid {theme.line_strong.name()}; padding: 4px;"
        f" selection-background-color: {theme.accent_soft.name()}; }}\n"
    )
