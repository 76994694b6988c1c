"""The simulated Safaricom: M-Pesa Express as the Daraja reference tells it, with faults on demand.

A push goes: `stk.py` checks it (`oauth.py`, `validation.py`), accepts or refuses it (`errors.py`), and rings a phone;
`prompts.py` ends the prompt by script (`behaviour.py`) or by hand (the handset page) and moves the money once
(`ledger.py`); `reports.py` writes the callbacks (`callbacks.py`), `courier.py` carries them; `query.py` answers who asks
meanwhile. `admin.py` lets tests look inside and steer; `simulator.py` is all of it as one object.

Payouts, reversals, status and balance queries are in `commands/`.
"""

from hmis_pos.simulators.daraja.app import DarajaApp, create_app
from hmis_pos.simulators.daraja.behaviour import Behaviour, CallbackShape, Delivery, Submit
from hmis_pos.simulators.daraja.command import main, run_daraja
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.simulator import Daraja

__all__ = [
    "Behaviour",
    "CallbackShape",
    "Daraja",
    "DarajaApp",
    "DarajaConfig",
    "Delivery",
    "Submit",
    "create_app",
    "main",
    "run_daraja",
]
