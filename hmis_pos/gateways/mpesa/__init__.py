"""M-Pesa. First the push (Express, STK), from the cashier's key to the receipt, in steps; below it what else there is.

1. The cashier types a phone and an amount; ``POST /api/payments/mpesa/initiate`` (``relay/routes/payments.py``) calls
   ``cashier/take_payment.py``. It asks :meth:`gateway.MpesaGateway.check` (whole shillings, limits), and commits the intent with
   its callback token **before** Safaricom hears anything.
2. ``gateway.py`` ``start``: ``token.py`` brings the OAuth token (cached, one request for all who wait), ``wire.py`` writes
   the push, ``client.py`` sends it, once (``gateways/http.py`` holds the rule). ``results.py`` tells a refusal at the door from an
   answer that leaves us not knowing (``docs/decisions/0005-mpesa-outcomes.md``).
3. The patient's phone rings. The evidence so far is ACCEPTED; the terminal shows ``pending``.
4. Safaricom posts the result to ``/cb/<token>``: ``relay/callbacks.py`` stores the raw body durably, answers 200, and wakes
   ``relay/worker.py``, which runs ``cashier/read_callbacks.py``; that calls ``gateway.py`` ``read_callback``, whose parsers are in
   ``callbacks.py``. Channels: ``stk`` (a token of ours proves the sender), ``c2b`` (the confirmation of money paid to the
   shortcode, also the twin of an STK payment), ``c2b-claim`` (the same from an address we do not know), ``alias`` (nobody
   proves the sender: these two only hint).
5. ``cashier/settle.py`` adds the evidence; the state follows from the whole set (``domain/payment.py``), money is posted.
6. No callback in time: ``cashier/chase.py`` calls ``gateway.py`` ``ask`` on a sparse plan. A query's 0 assures, a query's no
   counts after the grace period, everything else leaves the outcome unknown.
7. May the patient be asked again? ``gateway.py`` ``advise`` answers from the code alone (``results.py``), once the state is a
   final no; while an attempt is open nobody asks again.

What customers pay from their own phones: ``urls.py`` tells Safaricom, once, where to confirm it; ``c2b.py`` reads what it asks
before and says after the money moved, and answers the question; ``pull.py`` lists the last 48 hours, for what was lost;
``qr.py`` has a picture drawn to scan. ``statement/`` reads the merchant's statement.

Money back, and questions about it: ``command_desk.py`` sends ``commands.py``'s bodies as the operator of ``config.py``, whose
SecurityCredential ``credential.py`` makes once, and tells by ``command_codes.py`` what the answer at the door proves. What was
accepted is answered by callback: ``envelope.py`` opens it, ``command_results.py`` reads payouts, reversals and balances,
``status_answer.py`` the status of a transaction. ``answers.py`` says why an answer to a mere question was of no use.

``config.py`` is what the hospital sets. ``tests/flows/test_mpesa_flow.py`` runs all of it against ``simulators/daraja``.
"""
