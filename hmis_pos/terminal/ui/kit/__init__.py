"""The design kit: every control of the terminal, drawn once.

theme, appearance, typeface, stylesheet, icons, painting   what things look like
label, surface, card, buttons, keycap, segmented, rail, qr_picture   plain controls
pill, badge, banner, steps, toast                           what is happening
field, money_edit, phone_edit, date_edit, search_field, choice   what a person types and chooses
states, skeleton, table, scroll                             lists, and lists without rows
roles, queue_delegate                                       the queue
bars, sheet, dialogs, side_panel                            around the columns
keys, key_overlay, command_palette, scanner, focus          the keyboard
gallery                                                     all of it on one picture

The kit knows no invoice, no payment and no gateway: it is given words, amounts as text and
callables. It takes no decision.
"""
