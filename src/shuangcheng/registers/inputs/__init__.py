"""What the room's actions are told."""
