"""Measurements: one file each, figures as JSON lines."""
