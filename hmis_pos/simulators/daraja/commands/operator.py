"""The API operator at the door of a command: its password, its lock, its roles."""

from hmis_pos.simulators.daraja.commands.orders import Order
from hmis_pos.simulators.daraja.initiator import Initiator
from hmis_pos.simulators.daraja.state import State


class Operator:
    """Counts wrong passwords in a row; after too many every command ends in 8006 until an administrator unlocks."""

    def __init__(self, state: State, initiator: Initiator) -> None:
        self._state = state
        self._initiator = initiator
        self.wrong = 0

    @property
    def locked(self) -> bool:
        return self.wrong >= self._state.config.initiator_attempts

    def unlock(self) -> None:
        """Let the operator in again, as the business administrator does in the portal."""
        self.wrong = 0
        self._state.journal.record("operator_unlocked")

    def obstacle(self, order: Order, *, doubted: bool = False) -> str | None:
        """Return the outcome of a command that may not be carried out, None when it may.

        A name that is not our operator's ends as a wrong password does, and burns nobody's attempts.

        Args:
            order: what is asked.
            doubted: take the password for a wrong one whatever it is.
        """
        caller, config = order.caller, self._state.config
        if caller.initiator != config.initiator_name:
            return "bad_credential"
        if self.locked:
            return "locked"
        if doubted or not self._initiator.knows(caller.initiator, caller.credential):
            self.wrong += 1
            if self.wrong >= config.initiator_attempts:
                self._state.journal.record("operator_locked", attempts=self.wrong)
            return "bad_credential"
        self.wrong = 0
        return None if order.kind in config.initiator_roles else "no_role"
