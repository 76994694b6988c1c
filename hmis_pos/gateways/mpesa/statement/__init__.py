"""The statement that a person exports from Safaricom's organisation portal, read from its file to its lines, in steps.

1. ``reader.py`` ``open_statement`` opens the file, takes its SHA-256, and asks ``form.py`` what its bytes are; the name's
   ending is not believed, the portal itself calls CSV and HTML ".xls". What is no statement is refused with its cure
   (``refusal.py``).
2. One module a form yields raw rows, one at a time: ``delimited.py`` (CSV), ``xlsx.py`` with ``shared_texts.py``, ``xls.py``
   (old Excel), ``html_table.py``. ``rows.py`` says what a raw row is.
3. ``header.py`` finds the column header within the first 40 rows by what people and Excel made of its names, and reads the
   preamble above it: who, which shortcode, from when to when, the balances.
4. ``lines.py`` makes each row below it a :class:`StatementLine` with its kind, or a :class:`BadRow` that says what is wrong;
   totals and repeated headers are passed over. ``cells.py`` reads amounts and times, and refuses to guess.

Memory stays flat whatever the size (docs/decisions/0011). Facts: Daraja reference, section 10.
"""

from hmis_pos.gateways.mpesa.statement.header import Preamble
from hmis_pos.gateways.mpesa.statement.lines import BadRow, LineKind, StatementLine
from hmis_pos.gateways.mpesa.statement.reader import Statement, open_statement
from hmis_pos.gateways.mpesa.statement.refusal import NotAStatement

__all__ = ["BadRow", "LineKind", "NotAStatement", "Preamble", "Statement", "StatementLine", "open_statement"]
