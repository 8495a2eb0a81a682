"""Views of one `Report` value; a view takes the value and returns text."""
