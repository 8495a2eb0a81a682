"""An invented portfolio, its page and its JSON, kept whole so that every change to a view is seen."""
