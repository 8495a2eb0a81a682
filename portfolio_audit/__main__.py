"""Lets `python -m portfolio_audit` stand for the console command.

Python puts the current folder first on its search path for `-m`. That folder may be the one to be audited, so it is
taken off again before anything else is looked for: a `click.py` or a forged plugin in it must not run.
"""

import os
import sys

if sys.path and sys.path[0] in ("", os.getcwd()) and not sys.flags.safe_path:
    del sys.path[0]

from portfolio_audit.cli.main import main

if __name__ == "__main__":
    main()
