"""Receipts on paper.

What stands on them (``content``), the hospital's own words (``template``), how it is laid out (``blocks``, ``a5``,
``roll``), and the way to a PDF or a printer (``printer``). A receipt is valid once it is committed; whatever happens here
can be done again, and says COPY from the second time on.
"""
