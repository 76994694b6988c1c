"""What is true of money at a hospital counter, whoever asks: no I/O, no clock, standard library only.

Read in this order: ``money`` (amounts), ``phone`` and ``ids`` (names of things), ``invoice`` (what is owed),
``evidence`` and ``payment`` (what is known of one attempt to collect, and the state that follows from it),
``receipt`` (the numbered proof), ``ledger`` (debits and credits), ``audit`` (the chained trail), ``errors``.
"""
