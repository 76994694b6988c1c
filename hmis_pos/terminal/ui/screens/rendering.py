"""A presenter's pieces onto the kit's widgets. Both name tones and steps alike; this is where the two meet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QLayout, QLineEdit, QStackedWidget, QWidget

from hmis_pos.terminal.presenters import views
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import Button
from hmis_pos.terminal.ui.kit.focus import give_up_focus
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit
from hmis_pos.terminal.ui.kit.steps import Step, StepList, StepState
from hmis_pos.terminal.ui.kit.theme import Tone

_FILLING = "hmisPosFilling"


def tone_of(tone: views.Tone) -> Tone:
    """The kit's tone of the same name."""
    return Tone(tone.value)


def show_notice(banner: Banner, notice: views.Notice | None) -> None:
    """Fill a banner, or hide it where there is nothing to say."""
    banner.setVisible(notice is not None)
    if notice is not None:
        banner.show_message(tone_of(notice.tone), notice.title, notice.text, time=notice.time, progress=notice.progress)


def show_steps(steps: StepList, story: Sequence[views.StepView]) -> None:
    """Fill a list of steps, or hide it where there are none."""
    steps.setVisible(bool(story))
    steps.show_steps([Step(step.title, step.note, StepState[step.state.name]) for step in story])


def show_action(button: Button, action: views.ActionView) -> None:
    """Make a button say what it will do, or hide it. Why it is off stands in its tooltip."""
    button.setVisible(bool(action.label))
    button.setText(action.label)
    button.setEnabled(action.enabled)
    button.setToolTip(action.why_not)


def show_words(banner: Banner, tone: Tone, words: views.Words | None) -> None:
    """Fill a banner with what is the matter, or hide it."""
    banner.setVisible(words is not None)
    if words is not None:
        banner.show_message(tone, words.title, words.advice)


def fill_money(field: MoneyEdit, minor: int | None) -> None:
    """Put an amount in that comes from the presenter; ``is_filled`` tells the field's listener that nobody typed it."""
    field.setProperty(_FILLING, True)
    field.set_minor(minor)
    field.setProperty(_FILLING, False)
    if not field.hasFocus():
        field.deselect()


def is_filled(field: QLineEdit) -> bool:
    """Whether what the field tells right now was put there by :func:`fill_money`."""
    return bool(field.property(_FILLING))


def turn_to(pages: QStackedWidget, page: QWidget) -> None:
    """Show another page. A focus that goes with the old one rests on the pages themselves: no button of the new page has it by chance."""
    if pages.currentWidget() is page:
        return
    focus = QApplication.focusWidget()
    if focus is not None and pages.isAncestorOf(focus):
        pages.setFocus()
    pages.setCurrentWidget(page)


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and delete it, for parts that are made anew from a view."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            give_up_focus(widget)
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)
            inner.deleteLater()
