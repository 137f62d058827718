"""Writes of the plan: each function is atomic, names its actor and leaves an audit line."""
