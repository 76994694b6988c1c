"""What a person does on the organisation portal: download a statement, settle to the bank, bring money in."""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal, InvalidOperation

import msgspec

from hmis_pos.simulators.asgi import Answer, Handler, Request, Response, json_response
from hmis_pos.simulators.daraja.desk import Desk
from hmis_pos.simulators.daraja.ledger import ACCOUNTS, EAT, UTILITY, Direction, Movement
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.statement import Statement, StatementStyle, make_statement
from hmis_pos.simulators.daraja.statement_files import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from hmis_pos.simulators.daraja.steering import Wrong, object_of
from hmis_pos.simulators.daraja.views import movement_view

_QUERY = ("from", "to", "format", "account", "shortcode")


class PortalDesk(Desk):
    """The operator's side of the organisation's accounts."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._transfers = 0

    def steering(self) -> Mapping[str, Handler]:
        return {
            "GET /sim/statement": self.get_statement,
            "GET /sim/accounts": self.get_accounts,
            "POST /sim/settlements": self.post_settlement,
            "POST /sim/top-ups": self.post_top_up,
        }

    def statement(
        self,
        since: datetime,
        until: datetime,
        *,
        style: StatementStyle | None = None,
        account: str = UTILITY,
        shortcode: str | None = None,
    ) -> Statement:
        """Return an account's statement between two moments (aware), both included.

        Raises:
            ValueError: it would end before it begins.
        """
        return make_statement(
            self._state.ledger,
            self._state.config,
            since,
            until,
            made_at=self._state.clock.now(),
            style=style,
            account=account,
            shortcode=shortcode,
        )

    def settle(self, amount: Decimal | None = None) -> Movement:
        """Send money from the utility account to the bank; None is all of it.

        Raises:
            ValueError: there is not so much.
        """
        held = self._state.ledger.balance()
        wanted = held if amount is None else amount
        if not 0 < wanted <= held:
            raise ValueError(f"KES {wanted:,.2f} cannot be settled, the utility account holds KES {held:,.2f}")
        return self._move(wanted, "settlement", "out")

    def top_up(self, amount: Decimal, account: str = UTILITY, shortcode: str | None = None) -> Movement:
        """Bring money from the bank into an account, of the collecting organisation where none is named.

        Raises:
            ValueError: nothing, or no such account.
        """
        if amount <= 0:
            raise ValueError("a top-up must be above zero")
        if account not in ACCOUNTS:
            raise ValueError(f"no account {account!r}: use one of {', '.join(ACCOUNTS)}")
        return self._move(amount, "transfer", "in", account, shortcode)

    def _move(
        self, amount: Decimal, kind: str, direction: Direction, account: str = UTILITY, shortcode: str | None = None
    ) -> Movement:
        state = self._state
        self._transfers += 1
        org = shortcode or state.config.shortcode
        movement = state.ledger.move(
            f"portal-{self._transfers}",
            msisdn="",
            amount=amount,
            account="",
            shortcode=org,
            at=state.clock.now(),
            kind=kind,
            direction=direction,
            org=org,
            org_account=account,
            other_party=f"{org} - {state.config.shop_name}",
        )
        state.journal.record("portal_moved", receipt=movement.receipt, transfer=kind, amount=amount)
        return movement

    async def get_statement(self, request: Request) -> Answer:
        """Download it: `from` and `to` (a day, EAT, or a moment), `format` csv or xlsx, `account`, and the style."""
        query = dict(request.query)
        form = query.get("format", "csv")
        if form not in {"csv", "xlsx"}:
            raise Wrong(400, "format must be csv or xlsx")
        style = msgspec.convert({k: v for k, v in query.items() if k not in _QUERY}, StatementStyle, strict=False)
        made = self.statement(
            self._moment(query.get("from"), time.min),
            self._moment(query.get("to"), time.max),
            style=style,
            account=query.get("account", UTILITY),
            shortcode=query.get("shortcode"),
        )
        try:
            body = as_csv(made) if form == "csv" else as_xlsx(made)
        except ImportError as error:
            raise Wrong(400, "xlsx needs openpyxl, which is not installed; ask for csv") from error
        name = f"ORG_{made.shortcode}_{made.account.split()[0]}_{made.made_at.astimezone(EAT):%Y%m%d%H%M%S}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(200, body, CSV_TYPE if form == "csv" else XLSX_TYPE, headers=headers)

    def _moment(self, text: str | None, edge: time) -> datetime:
        """Read a day or a moment; without one, the first movement's or now: what was before, the ledger does not know."""
        if not text:
            now = self._state.clock.now()
            moved = self._state.ledger.movements()
            return moved[0].at if moved and edge == time.min else now
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise Wrong(400, f"{text!r} is neither a day like 2026-01-31 nor a moment in ISO 8601") from error
        if len(text) == len("2026-01-31"):
            at = datetime.combine(at.date(), edge)
        return at if at.tzinfo else at.replace(tzinfo=EAT)

    async def get_accounts(self, _: Request) -> Answer:
        """What is in the accounts, by shortcode."""
        config, ledger = self._state.config, self._state.ledger
        told = {
            org: {account: f"{ledger.balance(account, org):.2f}" for account in ACCOUNTS}
            for org in sorted({config.shortcode, config.paying_shortcode})
        }
        return json_response({"accounts": told})

    async def post_settlement(self, request: Request) -> Answer:
        """Settle {"amount": …} to the bank, or everything."""
        wanted = object_of(request).get("amount")
        return json_response(movement_view(self.settle(None if wanted is None else _kes(wanted))))

    async def post_top_up(self, request: Request) -> Answer:
        """Bring {"amount": …, "account": …, "shortcode": …} in."""
        wanted = object_of(request)
        account = str(wanted.get("account", UTILITY))
        return json_response(movement_view(self.top_up(_kes(wanted.get("amount")), account, wanted.get("shortcode"))))


def _kes(value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise Wrong(400, "amount must be a decimal number of KES") from error
