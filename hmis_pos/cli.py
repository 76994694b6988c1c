"""``hmis-pos …``: one door to the three programs. Each command imports what it needs when it is called."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from hmis_pos import __version__

#: What a shell sees: 0 done, 1 it did not go well, 2 wrong call or settings.
FAILED, MISUSED = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["simulate"]:
        return _simulate(words[1:])
    arguments = _parser().parse_args(words)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception as e:
        from hmis_pos.domain.errors import Misconfigured, PosError

        if not isinstance(e, PosError):
            raise
        for line in getattr(e, "problems", None) or [f"{e.message.rstrip('.')}. {e.cure}".strip()]:
            print(f"hmis-pos: {line}", file=sys.stderr)
        return MISUSED if isinstance(e, Misconfigured) else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hmis-pos",
        description="The cashier system of a hospital. Without a command it opens the counter's terminal.",
        epilog="Settings come from the environment; the README lists them.",
    )
    parser.add_argument("--version", action="version", version=f"hmis-pos {__version__}")
    parser.set_defaults(command=_terminal)
    commands = parser.add_subparsers(title="commands", metavar="")

    terminal = commands.add_parser("terminal", help="open the counter's terminal (the default)")
    terminal.set_defaults(command=_terminal)

    relay = commands.add_parser("relay", help="run the relay that talks to M-Pesa and the central database")
    relay.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    relay.add_argument("--port", type=int, default=8000, help="port, 0 takes a free one (default %(default)s)")
    relay.set_defaults(command=_relay)

    migrate = commands.add_parser("migrate", help="bring the central database to this version")
    migrate.add_argument("--demo", action="store_true", help="also seed the demo hospital (an empty database only)")
    migrate.set_defaults(command=_migrate)

    verify = commands.add_parser("verify", help="check the audit chain and the books, and name the first bad row")
    verify.set_defaults(command=_verify)

    reconcile = commands.add_parser(
        "reconcile",
        help="hold Safaricom's statement against the books",
        description="Imports a statement of the M-Pesa organisation portal (CSV, XLS, XLSX) and says what differs. What is missing"
        " in the books is created from it. Exit code: 0 all of it matches, 1 something differs, 2 it is no statement of ours.",
    )
    reconcile.add_argument("file", metavar="FILE", help="the file as the portal exported it")
    reconcile.add_argument("--json", action="store_true", help="print everything as JSON, for programs")
    reconcile.set_defaults(command=_reconcile)

    _add_mpesa(commands.add_parser("mpesa", help="what the merchant tells Safaricom, and asks it"))

    demo = commands.add_parser("demo", help="the terminal on a demo hospital, with relay and a simulated M-Pesa")
    demo.add_argument(
        "--tour", metavar="DIR", help="run the scripted tour and write pictures, receipts and tour.json to DIR"
    )
    demo.add_argument("--keep", metavar="DIR", help="keep the demo's databases in DIR and go on there next time")
    demo.set_defaults(command=_demo)

    commands.add_parser("simulate", help="run a simulated provider: hmis-pos simulate daraja --help")

    self_test = commands.add_parser("self-test", help="check that this installation can draw, print and store")
    self_test.set_defaults(command=_self_test)
    return parser


def _add_mpesa(mpesa: argparse.ArgumentParser) -> None:
    commands = mpesa.add_subparsers(title="commands", metavar="", required=True)

    addresses = commands.add_parser(
        "register-urls",
        help="tell Safaricom where to confirm what customers pay",
        description="Once in the life of a shortcode: Safaricom refuses a second registration until two operators have deleted"
        " the first on its portal. The addresses hold the first token of HMIS_C2B_TOKEN; keep an older one there, behind it, until"
        " no message comes to it any more.",
    )
    addresses.add_argument(
        "--response-type",
        choices=("Completed", "Cancelled"),
        default="Completed",
        help="what happens to a payment when our validation does not answer (default %(default)s)",
    )
    addresses.add_argument("--dry-run", action="store_true", help="show the addresses and ask nobody")
    addresses.set_defaults(command=_register_urls)

    pull = commands.add_parser("register-pull", help="have the shortcode's payments listed (Pull Transactions)")
    pull.set_defaults(command=_register_pull)

    balance = commands.add_parser(
        "balance", help="ask what lies in the merchant's accounts; a running relay hears the answer"
    )
    balance.add_argument(
        "--wait", type=float, default=60, metavar="SECONDS", help="how long to wait for it (default %(default)s)"
    )
    balance.set_defaults(command=_balance)


def _reconcile(arguments: argparse.Namespace) -> int:
    from hmis_pos.relay.reconciliation import reconcile

    return reconcile(arguments.file, as_json=arguments.json)


def _register_urls(arguments: argparse.Namespace) -> int:
    from hmis_pos.relay.merchant import register_urls

    return register_urls(arguments.response_type, dry_run=arguments.dry_run)


def _register_pull(_arguments: argparse.Namespace) -> int:
    from hmis_pos.relay.merchant import register_pull

    return register_pull()


def _balance(arguments: argparse.Namespace) -> int:
    from hmis_pos.relay.merchant import balance

    return balance(arguments.wait)


def _terminal(_arguments: argparse.Namespace) -> int:
    from hmis_pos.terminal.app import run

    return run()


def _relay(arguments: argparse.Namespace) -> int:
    from hmis_pos.relay.run import run

    return run(arguments.host, arguments.port)


def _migrate(arguments: argparse.Namespace) -> int:
    from hmis_pos.relay.maintenance import migrate

    return migrate(demo=arguments.demo)


def _verify(_arguments: argparse.Namespace) -> int:
    from hmis_pos.relay.maintenance import verify

    return verify()


def _demo(arguments: argparse.Namespace) -> int:
    from hmis_pos.demo import run

    return run(tour=arguments.tour, keep=arguments.keep)


def _self_test(_arguments: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from hmis_pos.demo.self_test import run

    return run()


def _simulate(words: list[str]) -> int:
    providers = "daraja"
    if not words or words[0] in ("-h", "--help"):
        print(
            "usage: hmis-pos simulate daraja [--host HOST] [--port PORT] …\n\nA simulated provider. Each has its own --help."
        )
        return 0 if words else MISUSED
    if words[0] != "daraja":
        print(f"hmis-pos simulate: {words[0]!r} is not known; there is: {providers}", file=sys.stderr)
        return MISUSED
    from hmis_pos.simulators.daraja import main as daraja

    return daraja(words[1:])
