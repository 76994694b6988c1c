"""The relay: a small server between the terminals (and the HMIS's web pages), the gateways and the central database.

Read in this order: ``settings`` (what it needs to start), ``run`` (the process), ``app`` (how it is put together), ``routes/`` (one
file a resource), ``callbacks`` (what gateways send), ``feed`` (what terminals hear), ``worker`` (what goes on by itself), ``auth``,
``idempotency``, ``problems``, ``limits``, ``metrics``.
"""
