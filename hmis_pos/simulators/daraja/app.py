"""The web app of the simulated Safaricom: the endpoints of its desks, the handset page and the admin API."""

from hmis_pos.simulators.asgi import Answer, App, Handler, Request, Route, json_response
from hmis_pos.simulators.daraja.admin import Admin
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.desk import Endpoint
from hmis_pos.simulators.daraja.errors import Refused
from hmis_pos.simulators.daraja.faults import faulty
from hmis_pos.simulators.daraja.simulator import Daraja
from hmis_pos.simulators.handset import page


class DarajaApp(App):
    """The ASGI app; `daraja` is the state behind it."""

    def __init__(self, daraja: Daraja) -> None:
        self.daraja = daraja
        routes = [
            *(Route(e.method, e.path, self._safaricom(self._faulty(e))) for e in daraja.endpoints()),
            Route("GET", "/", page.front),
            Route("GET", "/handset", page.show),
            *Admin(daraja).routes(),
        ]
        super().__init__(
            routes,
            missing=self._safaricom(_missing),
            wrong_method=self._safaricom(_wrong_method),
            stop=daraja.close,
            stopping=daraja.state.stopping,
        )

    def _faulty(self, endpoint: Endpoint) -> Handler:
        """Let a request meet the fault that waits for it."""
        state = self.daraja.state

        async def answer(request: Request) -> Answer:
            fault = state.faults.next(endpoint.name)
            if fault is None:
                return await endpoint.handler(request)
            state.journal.record("fault_met", endpoint=endpoint.name, fault=fault.fault)
            return await faulty(
                fault,
                lambda: endpoint.handler(request),
                sleep=state.clock.sleep,
                retry_after=state.config.retry_after,
            )

        return answer

    def _safaricom(self, handler: Handler) -> Handler:
        """Answer a refusal in Safaricom's words."""

        async def answer(request: Request) -> Answer:
            try:
                return await handler(request)
            except Refused as refusal:
                digits = "".join(self.daraja.state.rng.choices("0123456789", k=15))
                request_id = f"{digits[:5]}-{digits[5:13]}-{digits[13:]}"
                return json_response(refusal.body(request_id), refusal.status, headers=refusal.headers)

        return answer


async def _missing(_: Request) -> Answer:
    raise Refused(404, "404.001.01", "Resource not found")


async def _wrong_method(_: Request) -> Answer:
    raise Refused(405, "405.001", "Method Not Allowed")


def create_app(config: DarajaConfig | None = None, *, daraja: Daraja | None = None) -> DarajaApp:
    """Return the app of a new simulator with these settings, or of one that exists already."""
    return DarajaApp(daraja or Daraja(config))
