"""`python -m benchmarks [tightness] [scaling]`: every measurement, or the named ones."""

import sys

from benchmarks import scaling, tightness

ALL = {"tightness": tightness.main, "scaling": scaling.main}

for name in sys.argv[1:] or ALL:
    ALL[name]()
