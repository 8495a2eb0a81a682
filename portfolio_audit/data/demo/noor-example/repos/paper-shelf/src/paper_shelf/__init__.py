"""Find the paragraph you remember."""
