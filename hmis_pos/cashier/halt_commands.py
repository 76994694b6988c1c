"""Stop all commands of our operator once the provider refuses its credential.

Daraja section 5: a wrong password burns a login with every command, questions too, until the operator is locked (2001, then
8006). So the first such answer stops the queue, and a person mends the credential before anything is sent again.
"""

from __future__ import annotations

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Task, TaskKind


def hear_code(books: Books, ctx: Context, provider: str, code: str, text: str) -> None:
    """Phase: a result code of a command; stops the queue if it is one of those."""
    if not code or not ctx.mobile(provider).halts_payouts(code) or books.feeds.halted(provider):
        return
    books.feeds.halt(provider, f"{code}: {text}", ctx.clock.now())
    books.trail.audit("relay", "commands.halt", f"gateway:{provider}", "", {"code": code, "text": text})
    books.trail.open_task(
        Task(
            kind=TaskKind.PAYOUTS_HALTED,
            subject=f"gateway:{provider}",
            text=f"Safaricom refuses our operator ({code}). Refunds and checks wait, since more tries would lock it: mend the"
            " operator's password and certificate, then let them go on.",
        ),
        ctx.policy.home_facility,
    )


def go_on(books: Books, ctx: Context, provider: str, by: str, origin: str) -> None:
    """Phase: the credential was mended."""
    why = books.feeds.halted(provider)
    if not why:
        return
    books.feeds.halt(provider, "", ctx.clock.now())
    books.trail.audit(by, "commands.go-on", f"gateway:{provider}", origin, {"was": why})
    books.trail.close_task(TaskKind.PAYOUTS_HALTED, f"gateway:{provider}")
