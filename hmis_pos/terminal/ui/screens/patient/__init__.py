"""The screen that faces the patient.

voices   its words in English and Kiswahili at once, whatever the cashier's language is
window   what it shows
opener   opens it on the other monitor, remembers that, and never takes the keyboard
"""
