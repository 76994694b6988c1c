"""Problem codes of unmatched money, refunds and statements, in words; ``words`` holds all others and reads these."""

from __future__ import annotations

from collections.abc import Mapping

from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP

#: code -> (what is the matter, what to do), as in ``words.PROBLEMS``.
BACK_OFFICE_PROBLEMS: Mapping[str, tuple[str, str]] = {
    "above-remaining": (
        QT_TRANSLATE_NOOP("problem", "Less of it is left than that"),
        QT_TRANSLATE_NOOP("problem", "Somebody placed or gave back a part of it meanwhile. Look at what remains."),
    ),
    "supervisor-needed": (
        QT_TRANSLATE_NOOP("problem", "Only a supervisor or administrator may do this"),
        QT_TRANSLATE_NOOP("problem", "Ask one of them to sign in and do it."),
    ),
    "role": (
        QT_TRANSLATE_NOOP("problem", "Only a supervisor or administrator may do this"),
        QT_TRANSLATE_NOOP("problem", "Ask one of them to sign in and do it."),
    ),
    "no-money": (
        QT_TRANSLATE_NOOP("problem", "Nothing of this money is left"),
        QT_TRANSLATE_NOOP("problem", "It was placed, moved or given back already. Look at it again."),
    ),
    "not-moved": (
        QT_TRANSLATE_NOOP("problem", "It cannot be moved back"),
        "",
    ),
    "refund-open": (
        QT_TRANSLATE_NOOP("problem", "A refund of this payment is on its way"),
        QT_TRANSLATE_NOOP("problem", "Wait for its result, or have it rejected first."),
    ),
    "refund-frozen": (
        QT_TRANSLATE_NOOP("problem", "Nothing of this payment may go back just now"),
        QT_TRANSLATE_NOOP("problem", "Safaricom's statement does not show it. Finance clears that up first."),
    ),
    "refund-decided": (
        QT_TRANSLATE_NOOP("problem", "Somebody has decided about this refund meanwhile"),
        QT_TRANSLATE_NOOP("problem", "Look at how it stands now."),
    ),
    "refund-not-unknown": (
        QT_TRANSLATE_NOOP("problem", "How this refund ended is known by now"),
        QT_TRANSLATE_NOOP("problem", "Look at how it stands now."),
    ),
    "refund-too-early": (
        QT_TRANSLATE_NOOP("problem", "It is too early to give this refund up"),
        QT_TRANSLATE_NOOP(
            "problem", "Import the next statement. What it does not tell of may be ended two days after it was sent."
        ),
    ),
    "refund-in-flight": (
        QT_TRANSLATE_NOOP("problem", "The result of another refund is awaited"),
        QT_TRANSLATE_NOOP("problem", "This one goes out next."),
    ),
    "own-refund": (
        QT_TRANSLATE_NOOP("problem", "You asked for this refund yourself"),
        QT_TRANSLATE_NOOP("problem", "Another supervisor or administrator has to decide about it."),
    ),
    "no-route": (
        QT_TRANSLATE_NOOP("problem", "M-Pesa cannot take this money back"),
        QT_TRANSLATE_NOOP("problem", "Payouts to phones are not set up here. Give it back in cash, or ask IT."),
    ),
    "above-refundable": (
        QT_TRANSLATE_NOOP("problem", "That is more than may go back"),
        QT_TRANSLATE_NOOP("problem", "A part of it may be on its way back already. Ask for less."),
    ),
    "phone-needed": (
        QT_TRANSLATE_NOOP("problem", "This refund needs the phone it goes to"),
        QT_TRANSLATE_NOOP("problem", "Safaricom hides the payer's number: ask the patient for it."),
    ),
    "commands-halted": (
        QT_TRANSLATE_NOOP("problem", "Questions and refunds to Safaricom are stopped"),
        QT_TRANSLATE_NOOP("problem", "Safaricom refuses the operator's credential. IT has to mend it."),
    ),
    "statements-busy": (
        QT_TRANSLATE_NOOP("problem", "Too many statements wait to be read"),
        QT_TRANSLATE_NOOP("problem", "Import this one once the list shows the others as done."),
    ),
    "no-room": (
        QT_TRANSLATE_NOOP("problem", "The relay cannot keep the file"),
        QT_TRANSLATE_NOOP("problem", "Ask IT to look at the free space of the relay's machine. Nothing was imported."),
    ),
    **dict.fromkeys(
        ("statement-binary", "statement-empty", "statement-xml", "statement-no-file", "statement-no-header"),
        (
            QT_TRANSLATE_NOOP("problem", "This is no statement of the M-Pesa portal"),
            QT_TRANSLATE_NOOP(
                "problem", "Export the organisation statement as CSV, XLS or XLSX and import that file as it is."
            ),
        ),
    ),
    "code-form": (
        QT_TRANSLATE_NOOP("problem", "This is no M-Pesa code"),
        QT_TRANSLATE_NOOP("problem", "Type the ten letters and digits at the beginning of the SMS."),
    ),
    "other-invoice": (
        QT_TRANSLATE_NOOP("problem", "This code paid another invoice"),
        QT_TRANSLATE_NOOP(
            "problem", "Its payer typed that invoice's account. A supervisor can move it if that was wrong."
        ),
    ),
    "file-unreadable": (
        QT_TRANSLATE_NOOP("problem", "The file cannot be read"),
        QT_TRANSLATE_NOOP("problem", "Close it in other programs, or copy it to this computer, and choose it again."),
    ),
    "file-unwritable": (
        QT_TRANSLATE_NOOP("problem", "The file cannot be written"),
        QT_TRANSLATE_NOOP("problem", "Choose another folder, or close the file in other programs."),
    ),
    "other-shortcode": (
        QT_TRANSLATE_NOOP("problem", "The statement is of another Paybill or Till"),
        QT_TRANSLATE_NOOP("problem", "Export the one of this hospital's number and import that."),
    ),
}
