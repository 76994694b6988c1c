"""What every test needs before anything else is imported."""

import os

# Qt reads it when the first application is made: tests need no screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
