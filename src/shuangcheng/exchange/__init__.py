"""Room `exchange` 交换: peers, trust, letters out and in, the log and the feed; it knows no subject matter."""
