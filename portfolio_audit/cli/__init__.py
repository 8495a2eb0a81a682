"""The command line: one module per command, each parses, wires, prints and chooses the exit code."""
