"""The screens: widgets that show a presenter's view state and hand a person's intents to it. They decide nothing.

sign_in         who works here
main_window     top bar, rail, foot bar, toasts; which screen is shown
counter/        queue, invoice, payment panel: the place where money is taken
payments/       what was taken, with the evidence of each payment
receipt_view    a receipt on the screen, to print or keep
help            F1 and Ctrl K
actions         every action with its key, in one list
rendering       a presenter's pieces (notices, steps, tones) onto the kit's widgets

A screen gets its presenter and the kit, never the window. It renders a view state whole and may be asked to render the same one
again. On a change of language the screens are built anew: presenters keep the state, widgets keep none.
"""
