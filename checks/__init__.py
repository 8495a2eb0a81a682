"""The built-in checks, one module per criterion of the guide."""
