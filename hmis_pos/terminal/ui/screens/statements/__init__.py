"""Statements of M-Pesa: importing one, what comparing it with our books found, and the hospital's accounts.

screen         the three columns, and what their keys do
list_column    imports, newest first; a file is chosen or dropped here
result_column  one import: whether it adds up, what was found, and the lines of one class
mpesa_column   balances, the list of payments, and whether payouts are stopped
"""
