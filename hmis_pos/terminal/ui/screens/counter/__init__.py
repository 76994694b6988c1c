"""The counter, from left to right: who waits, what they owe, take the money.

screen          the three columns, their widths, and what the keys of the counter do
queue_column    search and the list of who waits
invoice_column  the chosen invoice; invoice_lines is the model of its services
payment_panel   the method tabs and the page of the method
panel_page      the frame of such a page: a story that scrolls, actions that stay bottom right
mpesa_page      M-Pesa: the form, the story, and code_page for a patient who shows an M-Pesa message
pay_card        Paybill, account and QR code for the patient's own phone
"""
