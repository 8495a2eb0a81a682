"""Delays of trams ten minutes ahead, from the operator's live feed."""
