"""What the system does, one verb a file: the table of contents.

At the relay: ``take_payment`` (ask a payer for money), ``settle`` (apply evidence, post the money), ``chase`` (look for what
nobody confirmed), ``read_callbacks`` (what the inbox holds), ``confirm_by_hand``, ``accept_receipts`` (cash a terminal took),
``serve_invoice`` (who is at which counter), ``sign_in``, ``enrol_terminal``, ``verify_books``. At the terminal: ``take_cash`` and
``issue_receipt``.

Every use case is made of short phases. A phase is a plain function that gets ``Books`` (the central database in one
transaction) and is run by ``Database.write``; between phases a gateway may be asked. A transaction can therefore never be open while
we wait for the world, and a crash leaves us between two phases, where ``chase`` picks up.
"""
