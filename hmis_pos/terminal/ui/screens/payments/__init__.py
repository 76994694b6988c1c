"""What was taken: a list with filter and search, and one payment with all its evidence.

screen         both columns, and what their keys do
filter_bar     search, state, method, days, only mine
list_column    the table and its empty, loading, offline and error states
detail_column  one payment: facts, the timeline of its evidence, printing its receipt again
"""
