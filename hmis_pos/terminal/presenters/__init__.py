"""Everything the counter's screens know and do, without a widget.

A presenter owns one area of the screen: intents are its methods, what is to be seen is one frozen dataclass a signal, given whole each
time. ``views`` holds the small pieces those dataclasses share, ``words`` and ``mpesa_words`` turn machine codes into sentences,
``services`` names what presenters need of the terminal's services, ``board`` puts all of them together.

M-Pesa has four of them: ``attempts`` (prompts of ours), ``arrivals`` (money that came by itself), ``codes`` (a message the patient shows) and
``self_pay`` (where to pay with one's own phone); ``mpesa`` makes one panel of the first two, ``paid_receipts`` issues the paper of both.

Presenters decide nothing about money: they call ``cashier`` at the till and the relay for everything electronic.
"""
