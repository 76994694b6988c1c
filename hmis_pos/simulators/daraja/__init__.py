"""The simulated Safaricom: M-Pesa as the Daraja reference tells it, with faults on demand.

A push goes: `stk.py` checks it (`oauth.py`, `validation.py`), accepts or refuses it (`errors.py`), and rings a phone;
`prompts.py` ends the prompt by script (`behaviour.py`) or by hand (the handset page) and moves the money once
(`ledger.py`); `reports.py` writes the callbacks (`callbacks.py`), `courier.py` carries them; `query.py` answers who asks
meanwhile.

A payment from the phone's menu goes: `c2b.py` takes it, `c2b_merchant.py` asks the validation URL and tells the
confirmation URL (`c2b_urls.py`) in the shapes of `confirmations.py`. Lost ones are found by `pull.py` and in the portal's
statement (`portal.py`, `statement.py`, `statement_files.py`). Payouts, reversals, status and balance queries are in
`commands/`, Dynamic QR in `qr.py`.

`traffic_plan.py` and `traffic.py` make days of random traffic and keep the truth of every injected fault. `faults.py`
breaks any endpoint. `admin.py` lets tests look inside and steer; `simulator.py` is all of it as one object.
"""

from hmis_pos.simulators.daraja.app import DarajaApp, create_app
from hmis_pos.simulators.daraja.behaviour import Behaviour, CallbackShape, Delivery, Submit
from hmis_pos.simulators.daraja.command import main, run_daraja
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.confirmations import ConfirmationShape, PaymentBehaviour
from hmis_pos.simulators.daraja.simulator import Daraja
from hmis_pos.simulators.daraja.statement import StatementStyle
from hmis_pos.simulators.daraja.traffic_plan import Bill, TrafficRates, plan_traffic

__all__ = [
    "Behaviour",
    "Bill",
    "CallbackShape",
    "ConfirmationShape",
    "Daraja",
    "DarajaApp",
    "DarajaConfig",
    "Delivery",
    "PaymentBehaviour",
    "StatementStyle",
    "Submit",
    "TrafficRates",
    "create_app",
    "main",
    "plan_traffic",
    "run_daraja",
]
