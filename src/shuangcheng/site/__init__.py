"""Settings, server, reference data and the demonstration world: what makes the parts a node."""
