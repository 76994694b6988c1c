"""The terminal's own encrypted store: what a counter must not forget when the network, the power or the program goes.

Read ``records`` (what it holds), ``file`` (how the file is opened, checked and locked), ``tables``, then one module an
area: ``till`` (the commit of a receipt), ``outbox``, ``receipts``, ``worklist``, ``watched``, ``users``, ``notes``.
``store`` joins them. Importing this package alone stays cheap; ``store`` brings SQLAlchemy.
"""
