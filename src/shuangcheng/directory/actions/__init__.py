"""Writes of the directory: each function is atomic, names its actor and leaves an audit line."""
