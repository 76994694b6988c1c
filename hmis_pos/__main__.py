"""`python -m hmis_pos`, and the entry of the stand-alone program."""

import sys

from hmis_pos.cli import main

if __name__ == "__main__":
    sys.exit(main())
