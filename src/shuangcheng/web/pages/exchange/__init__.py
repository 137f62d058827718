"""Pages of the exchange: other nodes, keys, letters, the log."""
