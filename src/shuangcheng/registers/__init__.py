"""Room `registers` 登记簿: holdings, look-ups, consents, and who looked at whom."""
