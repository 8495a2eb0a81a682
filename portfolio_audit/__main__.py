"""Lets `python -m portfolio_audit` stand for the console command."""

from portfolio_audit.cli.main import main

if __name__ == "__main__":
    main()
