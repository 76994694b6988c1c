"""Money that came and belongs to nobody known yet: list, evidence, decision.

screen          the three columns, and what their keys do
list_column     what waits, oldest first, with search and whose it is
money_column    one piece: what is known, why it matched nothing, where its parts went
placing_column  what is to become of it: suggestions, search, split, move back, refund
share_rows      the shares of a split, with their amounts
"""
