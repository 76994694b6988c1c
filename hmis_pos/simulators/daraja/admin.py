"""`/sim/…`: how tests, the demo and the handset page look inside the simulator and steer it.

Nothing here exists at Safaricom. Errors are `{"error": "…"}` with 400, 404 or 409. Money is decimal text, time ISO 8601.

Look: `offer`, `ledger`, `accounts`, `requests`, `queries`, `callbacks`, `payments`, `registrations`, `commands`, `phones`,
`config`, `behaviours`, `faults`, `traffic` (the truth of what was injected), `certificate`, and
`statement?from=&to=&format=csv|xlsx` with any field of `StatementStyle`.
Wait: `events?since=&kind=&checkout=&count=&timeout=`, `idle?timeout=`, `prompts?wait=1|since=&timeout=`.
Act: `POST prompts/{id}/{action}`, `POST payments` (Lipa na M-Pesa), `POST pushes/{id}/deliveries`, `POST
payments/{receipt}/deliveries`, `POST callbacks/release`, `POST settlements`, `POST top-ups`, `POST traffic`, `POST clock`.
Set: `PUT config`, `PUT phones/{msisdn}`, `PUT behaviours/{msisdn}` (pushes), `PUT command-scripts/{kind}` (initiator
commands), `PUT faults/{endpoint}` (the error table, for any endpoint), `POST pull/pages` and `POST pull/hidden` (faults of
the pull list), `POST tokens/revoke`, `POST reset`. Each desk documents its own.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

import msgspec

from hmis_pos.simulators.asgi import Answer, Handler, Request, Response, Route, json_response
from hmis_pos.simulators.daraja import views
from hmis_pos.simulators.daraja.behaviour import Delivery, read_script
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.faults import read_faults
from hmis_pos.simulators.daraja.prompts import AlreadyAnswered
from hmis_pos.simulators.daraja.push import Push
from hmis_pos.simulators.daraja.simulator import Daraja
from hmis_pos.simulators.daraja.steering import (
    Wrong,
    answering,
    json_of,
    msisdn_of,
    number_of,
    object_of,
    timeout_of,
)
from hmis_pos.simulators.journal import Event

ACTIONS = {"poor": "insufficient"}


class Admin:
    """The admin API of one simulator."""

    def __init__(self, daraja: Daraja) -> None:
        self._daraja = daraja
        self._state = daraja.state
        self._look: list[str] = []

    def routes(self) -> Iterable[Route]:
        table: Mapping[str, Handler] = {
            "GET /sim/offer": self.offer,
            "GET /sim/ledger": self.ledger,
            "GET /sim/requests": self.requests,
            "GET /sim/queries": self.queries,
            "GET /sim/callbacks": self.callbacks,
            "POST /sim/callbacks/release": self.release,
            "GET /sim/events": self.events,
            "GET /sim/idle": self.idle,
            "GET /sim/prompts": self.prompts,
            "POST /sim/prompts/{id}/{action}": self.answer_prompt,
            "GET /sim/pushes/{id}": self.push,
            "POST /sim/pushes/{id}/deliveries": self.deliver,
            "GET /sim/phones": self.phones,
            "PUT /sim/phones/{msisdn}": self.put_phone,
            "GET /sim/behaviours": self.behaviours,
            "PUT /sim/behaviours/{msisdn}": self.put_behaviour,
            "DELETE /sim/behaviours/{msisdn}": self.delete_behaviour,
            "GET /sim/config": self.config,
            "PUT /sim/config": self.put_config,
            "GET /sim/faults": self.faults,
            "PUT /sim/faults/{endpoint}": self.put_faults,
            "GET /sim/certificate": self.certificate,
            "POST /sim/clock": self.clock,
            "POST /sim/tokens/revoke": self.revoke_tokens,
            "POST /sim/reset": self.reset,
        }
        for desk in self._daraja.desks:
            table = {**table, **desk.steering()}
        self._look = [path for method, path in (key.split(" ") for key in table) if method == "GET" and "{" not in path]
        for key, handler in table.items():
            method, path = key.split(" ")
            yield Route(method, path, answering(handler))

    # -- looking

    async def offer(self, _: Request) -> Answer:
        """What the simulator serves and to whom its phones can pay."""
        config = self._state.config
        return json_response(
            {
                "merchant": {"name": config.shop_name, "paybill": config.shortcode, "tills": config.tills},
                "endpoints": [{"name": e.name, "method": e.method, "path": e.path} for e in self._daraja.endpoints()],
                "look": self._look,
            }
        )

    async def ledger(self, _: Request) -> Answer:
        movements = [views.movement_view(m) for m in self._state.ledger.movements()]
        total = f"{self._state.ledger.total():.2f}"
        return json_response({"movements": movements, "total": total})

    async def requests(self, request: Request) -> Answer:
        phone = request.query.get("phone")
        kept = [
            views.request_view(r, self._state.pushes.get(r.checkout_id or ""))
            for r in self._state.requests
            if phone is None or str(r.body.get("PhoneNumber")) == phone
        ]
        return json_response({"requests": kept})

    async def queries(self, _: Request) -> Answer:
        return json_response({"queries": [views.query_view(q) for q in self._state.queries]})

    async def callbacks(self, _: Request) -> Answer:
        return json_response({"callbacks": [views.letter_view(x) for x in self._daraja.courier.sent]})

    async def push(self, request: Request) -> Answer:
        return json_response(views.push_view(self._push(request)))

    async def phones(self, _: Request) -> Answer:
        return json_response({"phones": [views.phone_view(p) for p in self._state.phones.all()]})

    async def behaviours(self, _: Request) -> Answer:
        return json_response({"behaviours": views.builtins(self._state.behaviours.all())})

    async def config(self, _: Request) -> Answer:
        return json_response(views.builtins(self._state.config))

    async def faults(self, _: Request) -> Answer:
        """The faults that wait for their requests, and the names of the endpoints."""
        waiting = views.builtins(self._state.faults.all())
        return json_response({"faults": waiting, "endpoints": self._daraja.endpoint_names()})

    async def certificate(self, _: Request) -> Answer:
        """The certificate (PEM) that SecurityCredentials are encrypted with."""
        return Response(200, self._daraja.initiator.certificate(), "application/x-pem-file")

    # -- waiting

    async def events(self, request: Request) -> Answer:
        """Events after `since`, of a `kind` and of a `checkout`; waits up to `timeout` for `count` of them."""
        since, count = number_of(request, "since", 0), number_of(request, "count", 1)
        kind, checkout = request.query.get("kind"), request.query.get("checkout")

        def wanted() -> list[Event]:
            return [
                event
                for event in self._state.journal.events
                if event.no > since and kind in {None, event.kind} and checkout in {None, event.about.get("checkout")}
            ]

        await self._state.journal.wait_for(lambda: len(wanted()) >= count, timeout_of(request))
        return json_response(
            {
                "last": self._state.journal.last,
                "events": [views.event_view(event) for event in wanted()],
            }
        )

    async def idle(self, request: Request) -> Answer:
        """Whether nothing more happens unless somebody acts; waits up to `timeout` for it."""
        quiet = await self._state.journal.wait_for(lambda: self._daraja.quiet, timeout_of(request))
        return json_response({"idle": quiet})

    async def prompts(self, request: Request) -> Answer:
        """Open prompts. With `wait=1` waits until there is one, with `since` until anything happened."""
        phone = request.query.get("phone")

        def ringing() -> list[Push]:
            prompts = self._daraja.open_prompts()
            return [p for p in prompts if phone in {None, p.order.phone}]

        journal = self._state.journal
        if "since" in request.query:
            since = number_of(request, "since", 0)
            await journal.wait_for(lambda: journal.last != since, timeout_of(request))
        elif request.query.get("wait", "0") not in {"", "0"}:
            await journal.wait_for(ringing, timeout_of(request))
        prompts = [views.push_view(p) for p in ringing()]
        return json_response({"last": journal.last, "prompts": prompts})

    # -- acting

    async def answer_prompt(self, request: Request) -> Answer:
        """`pin` (with {"pin": …}, else the right one), `cancel`, `ignore`, `poor`, or any outcome."""
        push, action = self._push(request), request.args["action"]
        try:
            if action == "pin":
                known = self._state.phones.get(push.order.party_a).pin
                self._daraja.prompts.enter_pin(push, str(object_of(request).get("pin", known)))
            else:
                self._daraja.prompts.decide(push, ACTIONS.get(action, action))
        except AlreadyAnswered as error:
            raise Wrong(409, "the prompt is no longer on the phone") from error
        return json_response(views.push_view(push))

    async def release(self, request: Request) -> Answer:
        """Let held callbacks go: of {"checkout": …}, or all."""
        released = self._daraja.courier.release(object_of(request).get("checkout"))
        return json_response({"released": released})

    async def deliver(self, request: Request) -> Answer:
        """Send a `Delivery` about a push, outside its script."""
        push = self._push(request)
        self._daraja.send(push, msgspec.convert(object_of(request), Delivery))
        return json_response(views.push_view(push), 202)

    async def put_phone(self, request: Request) -> Answer:
        """Set `balance` (KES, decimal text), `pin`, `name`; a set PIN is not locked."""
        wanted = object_of(request)
        unknown = set(wanted) - {"balance", "pin", "name"}
        if unknown:
            raise Wrong(400, f"unknown field {min(unknown)!r}: use balance, pin, name")
        try:
            balance = Decimal(str(wanted["balance"])) if "balance" in wanted else None
        except InvalidOperation as error:
            raise Wrong(400, "balance must be a decimal number of KES") from error
        phone = self._state.phones.get(msisdn_of(request))
        phone.balance = phone.balance if balance is None else balance
        phone.name = str(wanted.get("name", phone.name))
        if "pin" in wanted:
            phone.pin, phone.wrong_pins = str(wanted["pin"]), 0
        self._state.journal.record("phone_changed", phone=phone.msisdn)
        return json_response(views.phone_view(phone))

    async def put_behaviour(self, request: Request) -> Answer:
        """Set the script of a number, or of everybody else (`default`)."""
        who = request.args["msisdn"]
        who = who if who == "default" else msisdn_of(request)
        script = read_script(json_of(request))
        self._state.behaviours.put(who, script)
        return json_response({who: views.builtins(script)})

    async def delete_behaviour(self, request: Request) -> Answer:
        self._state.behaviours.remove(msisdn_of(request))
        return json_response({})

    async def put_config(self, request: Request) -> Answer:
        """Change the named settings, keep the others."""
        changed = {**views.builtins(self._state.config), **object_of(request)}
        self._state.configure(msgspec.convert(changed, DarajaConfig))
        return await self.config(request)

    async def put_faults(self, request: Request) -> Answer:
        """Set what the next requests to an endpoint meet: one step or a list, see `faults.FaultBook`."""
        self._daraja.fail(request.args["endpoint"], *read_faults(json_of(request)))
        return await self.faults(request)

    async def clock(self, request: Request) -> Answer:
        """Move the clock ahead by {"advance": seconds}."""
        seconds = object_of(request).get("advance")
        if not isinstance(seconds, int | Decimal) or isinstance(seconds, bool):
            raise Wrong(400, "advance must be a number of seconds")
        self._daraja.advance(float(seconds))
        return json_response({"now": self._state.clock.now().isoformat()})

    async def revoke_tokens(self, _: Request) -> Answer:
        self._daraja.tokens.revoke_all()
        return json_response({})

    async def reset(self, _: Request) -> Answer:
        await self._daraja.reset()
        return json_response({})

    def _push(self, request: Request) -> Push:
        push = self._state.pushes.get(request.args["id"])
        if push is None:
            raise Wrong(404, f"no push {request.args['id']}")
        return push
