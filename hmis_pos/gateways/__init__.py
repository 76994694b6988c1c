"""The providers of electronic money, one folder each, every folder with the same files.

``client.py`` knows the endpoints, ``wire.py`` converts between our words and the provider's, ``gateway.py`` implements
:class:`hmis_pos.cashier.ports.Gateway`. ``http.py`` is the only place that opens a connection to a provider, and holds the
rule of what may be sent twice. Gateways do not know each other, the database, or the relay.
"""
