"""`hmis-pos simulate daraja`."""

import argparse
import sys
from collections.abc import Sequence

import msgspec

from hmis_pos.simulators.daraja.app import create_app
from hmis_pos.simulators.daraja.behaviour import MANUAL, Behaviour, Script, read_script
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.serve import CannotListen, run


def run_daraja(host: str, port: int, *, config: DarajaConfig | None = None) -> None:
    """Serve the simulator until it is stopped; prints its URL once it listens.

    Args:
        host: to listen on.
        port: 0 takes a free one.
        config: None is the sandbox merchant with phones that wait for the handset page.

    Raises:
        CannotListen: the address cannot be used.
    """
    config = config or DarajaConfig(default_behaviour=Behaviour(outcome=MANUAL))
    run(create_app(config), host, port)


def _script(text: str) -> tuple[str, Script]:
    msisdn, _, outcome = text.partition("=")
    if not msisdn or not outcome:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 254712345678=cancel")
    try:
        return msisdn, read_script(outcome.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def parser() -> argparse.ArgumentParser:
    """Return the command's arguments."""
    parse = argparse.ArgumentParser(
        prog="hmis-pos simulate daraja",
        description="A simulated Safaricom: OAuth, STK push and query, with a handset page at /handset.",
    )
    parse.add_argument("--host", default="127.0.0.1")
    parse.add_argument("--port", type=int, default=8090, help="0 takes a free port")
    parse.add_argument(
        "--behaviour",
        action="append",
        type=_script,
        default=[],
        metavar="MSISDN=OUTCOME[,OUTCOME…]",
        help="what a phone does, push by push (pay, cancel, ignore, wrong_pin, insufficient, manual, a "
        "result code …); 'default' is every other phone, which waits for the handset page",
    )
    parse.add_argument("--c2b-url", help="send the C2B confirmation of paid pushes there")
    parse.add_argument("--seed", type=int, help="the same receipts and ids every time")
    for name in ("consumer-key", "consumer-secret", "shortcode", "passkey"):
        default = msgspec.to_builtins(DarajaConfig())[name.replace("-", "_")]
        parse.add_argument(f"--{name}", default=default)
    return parse


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    args = parser().parse_args(argv)
    scripts: dict[str, Script] = {"default": Behaviour(outcome=MANUAL), **dict(args.behaviour)}
    config = DarajaConfig(
        consumer_key=args.consumer_key,
        consumer_secret=args.consumer_secret,
        shortcode=args.shortcode,
        passkey=args.passkey,
        seed=args.seed,
        c2b_confirmation_url=args.c2b_url,
        default_behaviour=scripts.pop("default"),
        behaviours=scripts,
    )
    try:
        run_daraja(args.host, args.port, config=config)
    except CannotListen as error:
        print(f"hmis-pos simulate daraja: {error}", file=sys.stderr)  # noqa: T201  a command speaks
        return 1
    return 0
