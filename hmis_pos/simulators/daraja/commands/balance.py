"""Account Balance: every account of the organisation in one text."""

from hmis_pos.simulators.daraja.commands.codes import result
from hmis_pos.simulators.daraja.commands.command import Command, Decision, Parameter, dummy_id, failed
from hmis_pos.simulators.daraja.commands.orders import BalanceOrder
from hmis_pos.simulators.daraja.commands.parties import account_line
from hmis_pos.simulators.daraja.ledger import ACCOUNTS, compact_eat
from hmis_pos.simulators.daraja.results import SUCCESS
from hmis_pos.simulators.daraja.state import State


class Balance:
    """Tells what is in the accounts."""

    def __init__(self, state: State) -> None:
        self._state = state

    def decide(self, command: Command[BalanceOrder]) -> Decision:
        """Tell the accounts of a shortcode that is ours."""
        state, org = self._state, command.order.shortcode
        if org not in {state.config.shortcode, state.config.paying_shortcode}:
            return failed("no_role", state.rng)
        parameters = (
            Parameter("AccountBalance", "&".join(account_line(state, account, org) for account in ACCOUNTS)),
            Parameter("BOCompletedTime", int(compact_eat(state.clock.now()))),
        )
        return Decision(result(SUCCESS), dummy_id(state.rng), parameters)

    def forge(self, _: Command[BalanceOrder]) -> None:
        """There is no receipt to make up."""
