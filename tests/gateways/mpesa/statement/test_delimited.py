from __future__ import annotations

import io

import pytest

from hmis_pos.gateways.mpesa.statement.delimited import DelimitedSheet
from hmis_pos.gateways.mpesa.statement.refusal import NotAStatement


def rows(text, *, separator=",", encoding="utf-8"):
    data = text.encode(encoding)
    return list(DelimitedSheet(io.BytesIO(data), len(data), encoding, separator).rows())


def test_plain_rows_keep_their_line_numbers():
    read = rows("a,b\n\nc,d\n")
    assert [(row.number, row.cells) for row in read] == [(1, ("a", "b")), (2, ("",)), (3, ("c", "d"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_quoted_line_end_belongs_to_its_cell(end):
    read = rows(end.join(['a,"b', 'still b",c', "d,e", ""]))
    assert [(row.number, row.cells) for row in read] == [(1, ("a", "b\nstill b", "c")), (3, ("d", "e"))]


def test_quoted_separators_and_quotes():
    (row,) = rows('"1,250.00","say ""yes""";x\n')
    assert row.cells == ("1,250.00", 'say "yes";x')


def test_an_unclosed_quotation_mark_breaks_its_own_row_only():
    text = 'TA1,05-01-2026,"JOHN,5\nTA2,05-01-2026,PETER,6\nTA3,05-01-2026,"MARY",7\nTA4,05-01-2026,ANN,8\n'
    read = rows(text)
    assert [(row.number, row.cells[0], bool(row.broken)) for row in read] == [
        (1, "TA1", True),
        (2, "TA2", False),
        (3, "TA3", False),
        (4, "TA4", False),
    ]


def test_two_unclosed_quotation_marks_do_not_close_each_other():
    text = 'TA1,05-01-2026,"JOHN,5\nTA2,05-01-2026,"PETER,6\nTA3,05-01-2026,MARY,7\n'
    assert [(row.cells[0], bool(row.broken)) for row in rows(text)] == [("TA1", True), ("TA2", True), ("TA3", False)]


def test_an_inch_mark_inside_a_cell_is_just_a_letter():
    assert [row.cells for row in rows('a,12" pipe,b\nc,d,e\n')] == [("a", '12" pipe', "b"), ("c", "d", "e")]


def test_a_quotation_mark_that_swallows_the_rest_of_the_file_is_given_up_after_some_lines():
    text = 'x,"open\n' + "plain text\n" * 500
    read = rows(text)
    assert read[0].broken
    assert [row.number for row in read] == list(range(1, 502))


def test_the_last_line_without_its_end_is_called_cut():
    assert [row.cut for row in rows("a,b\nc,d")] == [False, True]
    assert [row.cut for row in rows('"a",b\n"c",d')] == [False, True]


def test_an_endless_line_is_refused():
    with pytest.raises(NotAStatement, match="line 2 is longer"):
        rows("a,b\n" + "x" * 200_000)


def test_a_very_long_quoted_cell_is_a_broken_row():
    read = rows('"' + "x" * 131_000 + '\n"\nc,d\n' + '"' + ("y" * 70_000 + "\n") * 3 + '",e\nf,g\n')
    assert ("c", "d") in [row.cells for row in read]
    assert read[-1].cells == ("f", "g")
    assert any(row.broken for row in read)


def test_progress_goes_to_the_end():
    data = b"a,b\n" * 50_000
    sheet = DelimitedSheet(io.BytesIO(data), len(data), "utf-8", ",")
    seen = [sheet.progress for _ in sheet.rows()]
    assert seen == sorted(seen)
    assert 0 < seen[0] < 0.5
    assert seen[-1] == 1.0
