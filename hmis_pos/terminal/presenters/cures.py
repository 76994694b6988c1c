"""Cures that an error itself names, since only it knows this computer's ways: the same words in the language of the screen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP

#: As they stand where the errors are raised (``secrets``, ``settings``, ``printing.template``); ``{…}`` is what differs.
CURES = (
    QT_TRANSLATE_NOOP(
        "cure",
        "Install and start one: gnome-keyring or KWallet, in a session with D-Bus "
        "(Debian, Ubuntu: apt install gnome-keyring dbus-user-session, then sign in anew).",
    ),
    QT_TRANSLATE_NOOP(
        "cure",
        "Windows keeps it itself: sign in with a user account that has a profile, and start HMIS POS again.",
    ),
    QT_TRANSLATE_NOOP("cure", "Unlock the login keychain (Keychain Access) and start HMIS POS again."),
    QT_TRANSLATE_NOOP(
        "cure", "Unlock it when it asks (usually the password of this computer's user), then start HMIS POS again."
    ),
    QT_TRANSLATE_NOOP("cure", "Allow only its owner to read it: chmod 600 {path}"),
    QT_TRANSLATE_NOOP("cure", "Name another file in HMIS_KEYRING."),
    QT_TRANSLATE_NOOP(
        "cure", "Leave it out to use this computer's keyring; file:/path/to/keys is for demo and training only."
    ),
    QT_TRANSLATE_NOOP("cure", "It may hold: {names}; each a text."),
    QT_TRANSLATE_NOOP("cure", "Correct the environment and start again."),
)
_FIELD = re.compile(r"\\{(\w+)\\}")


def cure_words(cure: str) -> str:
    """A cure in the language of the screen; one that is not known here stays as it is."""
    return said("cure", CURES, cure)


def said(context: str, known: Iterable[str], text: str) -> str:
    """A text that another program wrote, in the language of the screen; one that is not ``known`` stays as it is."""
    for words in known:
        found = re.fullmatch(_FIELD.sub(r"(?P<\1>.+)", re.escape(words)), text)
        if found is not None:
            return QCoreApplication.translate(context, words).format(**found.groupdict())
    return text


def keyring_words(file: Path | None) -> str:
    """That the till's keys lie in a readable file; empty with a real keyring."""
    if file is None:
        return ""
    return QCoreApplication.translate(
        "cure", "Keys are kept in the file {file}, readable without a password. For demo and training only."
    ).format(file=file)
