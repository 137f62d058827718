"""What people and the system do to the exchange."""
