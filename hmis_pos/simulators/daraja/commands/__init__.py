"""Initiator commands: payouts (B2C), reversals, status and balance queries, and their asynchronous results.

A command goes: `desk.py` checks token and fields (`orders.py`), refuses or accepts as its script says (`script.py`), and
later lets `operator.py` look at the SecurityCredential; then `payout.py`, `reversal.py`, `status.py` or `balance.py`
decides it once and moves the money; `envelope.py` writes what ResultURL and QueueTimeOutURL get (`codes.py`,
`parties.py`). `steering.py` are its admin calls.
"""

from hmis_pos.simulators.daraja.commands.command import Command, Decision
from hmis_pos.simulators.daraja.commands.desk import CommandDesk
from hmis_pos.simulators.daraja.commands.script import (
    TROUBLES,
    CommandDelivery,
    CommandScript,
    CommandSubmit,
    ResultShape,
)

__all__ = [
    "TROUBLES",
    "Command",
    "CommandDelivery",
    "CommandDesk",
    "CommandScript",
    "CommandSubmit",
    "Decision",
    "ResultShape",
]
