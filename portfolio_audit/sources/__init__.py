"""The only rooms that speak to the outside; each hands back frozen values of `portfolio_audit.snapshot`."""
