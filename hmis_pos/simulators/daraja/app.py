"""The web app of the simulated Safaricom: its three endpoints, the handset page and the admin API."""

from hmis_pos.simulators.asgi import Answer, App, Handler, Request, Route, json_response
from hmis_pos.simulators.daraja.admin import Admin
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.errors import Refused
from hmis_pos.simulators.daraja.simulator import Daraja
from hmis_pos.simulators.handset import page

OAUTH_PATH = "/oauth/v1/generate"
STK_PATH = "/mpesa/stkpush/v1/processrequest"
QUERY_PATH = "/mpesa/stkpushquery/v1/query"


class DarajaApp(App):
    """The ASGI app; `daraja` is the state behind it."""

    def __init__(self, daraja: Daraja) -> None:
        self.daraja = daraja
        routes = [
            Route("GET", OAUTH_PATH, self._safaricom(daraja.tokens.generate)),
            Route("POST", STK_PATH, self._safaricom(daraja.stk.submit)),
            Route("POST", QUERY_PATH, self._safaricom(daraja.query.query)),
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
