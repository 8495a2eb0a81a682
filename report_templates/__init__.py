"""Templates, styles and the little script of the HTML report; a package so that editable installs find it."""
