"""`hmis-pos simulate daraja`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from hmis_pos.simulators.daraja.app import create_app
from hmis_pos.simulators.daraja.behaviour import MANUAL, Behaviour, Script, read_script
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.ledger import EAT
from hmis_pos.simulators.daraja.traffic_plan import Planned, TrafficRates, plan_traffic
from hmis_pos.simulators.serve import CannotListen, run

_MERCHANT = ("consumer-key", "consumer-secret", "shortcode", "passkey", "initiator-name", "initiator-password")


def run_daraja(
    host: str,
    port: int,
    *,
    config: DarajaConfig | None = None,
    certificate: Path | None = None,
    traffic_days: int = 0,
    traffic: Sequence[Planned] = (),
) -> None:
    """Serve the simulator until it is stopped; prints its URL once it listens.

    Args:
        host: to listen on.
        port: 0 takes a free one.
        config: None is the sandbox merchant with phones that wait for the handset page.
        certificate: where to write the certificate that SecurityCredentials are encrypted with.
        traffic_days: how many days ago the traffic begins; then the clock shows the world's time.
        traffic: made as soon as it listens.

    Raises:
        CannotListen: the address cannot be used.
        OSError: the certificate cannot be written.
    """
    app = create_app(config or DarajaConfig(default_behaviour=Behaviour(outcome=MANUAL)))
    daraja = app.daraja
    if certificate is not None:
        daraja.initiator.write_certificate(certificate)

    async def start() -> None:
        daraja.state.background.spawn(history())

    async def history() -> None:
        await daraja.traffic.run(traffic)
        daraja.advance(daraja.state.clock.behind)

    if traffic:
        now = daraja.state.clock.now()
        midnight = now.astimezone(EAT).replace(hour=0, minute=0, second=0, microsecond=0)
        daraja.state.clock.begin_earlier((now - midnight + timedelta(days=traffic_days)).total_seconds())
        app.start = start
    run(app, host, port)


def _script(text: str) -> tuple[str, Script]:
    msisdn, _, outcome = text.partition("=")
    if not msisdn or not outcome:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 254712345678=cancel")
    try:
        return msisdn, read_script(outcome.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1")
    return share


def parser() -> argparse.ArgumentParser:
    """Return the command's arguments."""
    parse = argparse.ArgumentParser(
        prog="hmis-pos simulate daraja",
        description="A simulated Safaricom. It serves OAuth, STK push and query, C2B (register, simulate), B2C, "
        "reversal, transaction status, account balance, Pull Transactions and Dynamic QR.",
        epilog="/ lists what there is to see; /handset has the patients' phones, that answer prompts and pay by "
        "Lipa na M-Pesa; /sim/statement is the portal's statement; /sim/… steers faults, time and traffic.",
    )
    parse.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parse.add_argument("--port", type=int, default=8090, help="0 takes a free port (default %(default)s)")
    parse.add_argument(
        "--behaviour",
        action="append",
        type=_script,
        default=[],
        metavar="MSISDN=OUTCOME[,OUTCOME…]",
        help="what a phone does, push by push (pay, cancel, ignore, wrong_pin, insufficient, manual, a "
        "result code …); 'default' is every other phone, which waits for the handset page",
    )
    parse.add_argument("--c2b-url", help="send C2B confirmations, of paid pushes too, there until URLs are registered")
    parse.add_argument(
        "--c2b-validation-url", help="ask there before a payment from a phone's menu (external validation)"
    )
    parse.add_argument("--till", action="append", default=[], help="a till number (Buy Goods); may be repeated")
    parse.add_argument("--b2c-shortcode", help="pays out; without it the shortcode does")
    parse.add_argument("--certificate", type=Path, metavar="FILE", help="write the certificate for SecurityCredentials")
    parse.add_argument("--production", action="store_true", help="as strict as production: https, one registration")
    parse.add_argument("--seed", type=int, help="the same receipts and ids every time")
    for name in _MERCHANT:
        default = msgspec.to_builtins(DarajaConfig())[name.replace("-", "_")]
        parse.add_argument(f"--{name}", default=default, help="of the merchant (default: the sandbox's)")
    _add_traffic(parse)
    return parse


def _add_traffic(parse: argparse.ArgumentParser) -> None:
    group = parse.add_argument_group(
        "traffic", "random payments of the last days, made at start and reported to --c2b-url; shares are 0 to 1"
    )
    group.add_argument("--traffic", type=_count, default=0, metavar="DAYS", help="so many days of it")
    group.add_argument("--traffic-seed", type=int, default=1, metavar="SEED", help="the same traffic every time (1)")
    for field in msgspec.structs.fields(TrafficRates):
        whole = field.name.endswith("_per_day")
        group.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=_count if whole else _share,
            default=field.default,
            metavar="N" if whole else "SHARE",
            help="(default %(default)s)",
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    args = parser().parse_args(argv)
    scripts: dict[str, Script] = {"default": Behaviour(outcome=MANUAL), **dict(args.behaviour)}
    config = DarajaConfig(
        seed=args.seed,
        c2b_confirmation_url=args.c2b_url,
        c2b_validation_url=args.c2b_validation_url,
        c2b_validation=args.c2b_validation_url is not None,
        tills=tuple(args.till),
        b2c_shortcode=args.b2c_shortcode,
        environment="production" if args.production else "sandbox",
        default_behaviour=scripts.pop("default"),
        behaviours=scripts,
        **{name.replace("-", "_"): getattr(args, name.replace("-", "_")) for name in _MERCHANT},
    )
    traffic: list[Planned] = []
    if args.traffic:
        rates = {field.name: getattr(args, field.name) for field in msgspec.structs.fields(TrafficRates)}
        traffic = plan_traffic(days=args.traffic, seed=args.traffic_seed, rates=TrafficRates(**rates))
    try:
        run_daraja(
            args.host,
            args.port,
            config=config,
            certificate=args.certificate,
            traffic_days=args.traffic,
            traffic=traffic,
        )
    except CannotListen as error:
        print(f"hmis-pos simulate daraja: {error}", file=sys.stderr)  # noqa: T201  a command speaks
        return 1
    except OSError as error:
        print(f"hmis-pos simulate daraja: cannot write {args.certificate}: {error.strerror}", file=sys.stderr)  # noqa: T201  as above
        return 1
    return 0
