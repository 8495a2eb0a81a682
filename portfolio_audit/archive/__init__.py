"""From archive bytes to a `SourceTree`; nothing else in the engine reads tar."""
