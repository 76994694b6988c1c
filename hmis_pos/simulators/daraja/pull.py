"""Pull Transactions: the list of what customers paid in the last 48 hours, with the gaps and repeats of a real feed."""

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from hmis_pos.simulators import exact_json
from hmis_pos.simulators.asgi import Answer, Handler, Request, Response, json_response
from hmis_pos.simulators.daraja.confirmations import masked
from hmis_pos.simulators.daraja.desk import Desk, Endpoint
from hmis_pos.simulators.daraja.errors import Refused, invalid
from hmis_pos.simulators.daraja.ledger import COLLECTIONS, EAT, Movement
from hmis_pos.simulators.daraja.oauth import TokenDesk
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.steering import Wrong, object_of
from hmis_pos.simulators.daraja.validation import MSISDN, SHORTCODE, callback_url, matching, read_body, text

PULL_TOKEN = "401.001"  # noqa: S105  an error code
DATE = "%Y-%m-%d %H:%M:%S"

# One page: in order, cut off in the middle, every row twice, back to front, or with the rows not inside a second list.
PageFault = Literal["ok", "broken", "repeat", "reverse", "flat"]
PAGE_FAULTS: tuple[str, ...] = get_args(PageFault)


class PullDesk(Desk):
    """Registers the merchant for the list and hands it out, page by page."""

    def __init__(self, state: State, tokens: TokenDesk) -> None:
        self._state = state
        self._tokens = tokens
        self.reset()

    def reset(self) -> None:
        self._registered: set[str] = set()
        self._pages: list[PageFault] = []
        self._hidden: dict[str, datetime] = {}
        self.queries = 0

    def endpoints(self) -> tuple[Endpoint, ...]:
        path = "/pulltransactions/v1/query"
        return (
            Endpoint("pull_register", "POST", "/pulltransactions/v1/register", self.register),
            Endpoint("pull_query", "POST", path, self.query),
            Endpoint("pull_query", "GET", path, self.query),
        )

    def steering(self) -> Mapping[str, Handler]:
        return {"POST /sim/pull/pages": self.post_pages, "POST /sim/pull/hidden": self.post_hidden}

    # -- faults

    def next_pages(self, *faults: PageFault) -> None:
        """Let the next pages be so, one each; then they are in order again.

        Raises:
            ValueError: no such fault.
        """
        for fault in faults:
            if fault not in PAGE_FAULTS:
                raise ValueError(f"unknown page fault {fault!r}: use one of {', '.join(PAGE_FAULTS)}")
        self._pages = list(faults)

    def hide(self, receipt: str, seconds: float) -> None:
        """Leave a payment out of the list until `seconds` of the simulator's time from now: the feed is late."""
        self._hidden[receipt] = self._state.clock.now() + timedelta(seconds=seconds)

    def shown_from(self, movement: Movement) -> datetime:
        """When a payment appears in the list."""
        config = self._state.config
        told = self._hidden.get(movement.receipt, movement.at + timedelta(seconds=config.pull_delay_seconds))
        # By the receipt, so that a payment is late or not whoever asks, and how often.
        rng = random.Random(f"{config.seed} {movement.receipt}")  # noqa: S311  a replayable test, not a secret
        if rng.random() < config.pull_late:
            told = max(told, movement.at + timedelta(seconds=rng.uniform(0, config.pull_late_seconds)))
        return told

    # -- endpoints

    async def register(self, request: Request) -> Answer:
        """`POST /pulltransactions/v1/register`: 1000, or 1001 when it is registered already."""
        config = self._state.config
        self._tokens.check(request, PULL_TOKEN)
        body = read_body(request, "ShortCode")
        shortcode = self._shortcode(body)
        if text(body, "RequestType") != "Pull":
            raise invalid("RequestType")
        matching(body, "NominatedNumber", MSISDN)
        callback_url(body, config)
        again = shortcode in self._registered
        self._registered.add(shortcode)
        self._state.journal.record("pull_registered", shortcode=shortcode)
        key = "ResponseStatus" if config.pull_status_key == "plain" else "Response Status"
        words = "Short code already registered" if again else "Short code registered successfully"
        reply = {key: "1001" if again else "1000", "ShortCode": shortcode, "ResponseDescription": words}
        return json_response({self._reference_key: self._reference(), **reply})

    async def query(self, request: Request) -> Answer:
        """`POST /pulltransactions/v1/query` (GET too): a page of what was paid between two moments."""
        self._tokens.check(request, PULL_TOKEN)
        body: Mapping[str, Any] = request.query
        if request.method == "POST" or request.body:
            body = read_body(request, "ShortCode")
        shortcode = self._shortcode(body)
        if shortcode not in self._registered and self._state.config.pull_needs_registration:
            raise Refused(400, "400.001", "Invalid short code: it is not registered for pull")
        since, until = _moment(body, "StartDate"), _moment(body, "EndDate")
        if since > until:
            raise invalid("StartDate")
        offset = int(matching(body, "OffSetValue", re.compile(r"[0-9]{1,9}")))
        rows = self.rows(since, until)[offset : offset + self._state.config.pull_page]
        self.queries += 1
        self._state.journal.record("pull_answered", offset=offset, rows=len(rows))
        if not rows:
            return self._nothing()
        return self._page(rows)

    def rows(self, since: datetime, until: datetime) -> list[Movement]:
        """Return what the list shows now of the payments between two moments, both included."""
        now = self._state.clock.now()
        oldest = max(since, now - timedelta(hours=self._state.config.pull_hours))
        return [
            m
            for m in self._state.ledger.movements(*COLLECTIONS)
            if oldest <= m.at.replace(microsecond=0) <= until and self.shown_from(m) <= now
        ]

    def _nothing(self) -> Answer:
        if self._state.config.pull_nothing == "500":
            raise Refused(500, "500", "no available transactions")
        answer = {"ResponseCode": "1001", "ResponseMessage": "No transactions found", "Response": [[]]}
        return json_response({self._reference_key: self._reference(), **answer})

    def _page(self, movements: list[Movement]) -> Answer:
        fault: PageFault = self._pages.pop(0) if self._pages else "ok"
        rows: list[Any] = [self._row(m) for m in movements]
        if fault == "repeat":
            rows = [row for row in rows for _ in range(2)]
        elif fault == "reverse":
            rows.reverse()
        answer = {
            self._reference_key: self._reference(),
            "ResponseCode": "1000",
            "ResponseMessage": "Success",
            "Response": rows if fault == "flat" else [rows],
        }
        if fault == "broken":
            whole = exact_json.write(answer).encode()
            return Response(200, whole[: len(whole) * 2 // 3])
        return json_response(answer)

    def _row(self, movement: Movement) -> dict[str, Any]:
        config = self._state.config
        number: int | str = masked(movement.msisdn) if movement.msisdn else ""
        if config.pull_msisdn == "number" and movement.msisdn:
            # Nine digits: the sample has no 254 before them.
            number = int(movement.msisdn[3:])
        till = movement.shortcode in config.tills
        return {
            "transactionId": movement.receipt,
            "trxDate": self._date(movement.at),
            "msisdn": number,
            "sender": "MPESA" if config.pull_sender == "MPESA" else movement.payer,
            "transactiontype": "c2b-buy-goods-debit" if till else "c2b-pay-bill-debit",
            "billreference": movement.account,
            "amount": f"{movement.amount:.2f}",
            "organizationname": config.shop_name,
        }

    def _date(self, at: datetime) -> str:
        style = self._state.config.pull_date
        if style == "utc_z":
            return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        local = at.astimezone(EAT)
        return local.strftime({"eat": "%Y-%m-%dT%H:%M:%S", "eat_z": "%Y-%m-%dT%H:%M:%SZ", "spaced": DATE}[style])

    @property
    def _reference_key(self) -> str:
        return self._state.config.pull_reference

    def _reference(self) -> str:
        digits = "".join(self._state.rng.choices("0123456789", k=14))
        return f"{digits[:5]}-{digits[5:]}-1"

    def _shortcode(self, body: Mapping[str, Any]) -> str:
        config = self._state.config
        try:
            shortcode = matching(body, "ShortCode", SHORTCODE)
        except Refused:
            shortcode = ""
        if shortcode not in {config.shortcode, *config.tills}:
            raise Refused(400, "400.001", "Invalid short code")
        return shortcode

    # -- steering

    async def post_pages(self, request: Request) -> Answer:
        """Set the faults of the next pages: {"faults": ["broken", "ok", "repeat", …]}."""
        faults = object_of(request).get("faults")
        if not isinstance(faults, list):
            raise Wrong(400, "faults must be a list")
        self.next_pages(*faults)
        return json_response({"faults": faults})

    async def post_hidden(self, request: Request) -> Answer:
        """Leave a payment out for a time: {"receipt": …, "seconds": …}."""
        wanted = object_of(request)
        receipt = str(wanted.get("receipt", ""))
        if self._state.ledger.find(receipt) is None:
            raise Wrong(404, f"no receipt {receipt!r}")
        self.hide(receipt, float(wanted.get("seconds", 0)))
        return json_response({"receipt": receipt, "shown_from": self._hidden[receipt].isoformat()})


def _moment(body: Mapping[str, Any], field: str) -> datetime:
    try:
        return datetime.strptime(text(body, field), DATE).replace(tzinfo=EAT)
    except ValueError as error:
        raise invalid(field) from error
