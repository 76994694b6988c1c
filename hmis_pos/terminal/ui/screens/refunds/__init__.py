"""Money on its way back: who asked, how it stands, and who may decide.

ask_form         asking for it, also from unmatched money and from a payment
list_column      what waits for a decision, and what was decided
refund_column    one refund: why, which way, and its evidence
decision_column  approving or rejecting it, by somebody else than who asked
screen           the three columns, and what their keys do
"""
