"""Stand-ins for the payment providers, for the demo, training mode and the tests.

Each one is a small stateful server written from the provider's reference alone. None imports our gateways,
our domain or our messages: a simulator that shared their code would share their misreadings too.
"""
