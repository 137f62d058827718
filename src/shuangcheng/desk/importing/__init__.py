"""Spreadsheets on their way in: upload, check, preview, confirm, write."""
