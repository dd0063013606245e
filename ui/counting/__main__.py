"""`python -m ui.counting`: show what was counted, week by week."""

import sys

from ui.counting.counts import main

if __name__ == "__main__":
    sys.exit(main())
