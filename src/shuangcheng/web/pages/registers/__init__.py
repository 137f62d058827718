"""Pages of registers: agreements, look-ups, consents, and who looked at whom."""
