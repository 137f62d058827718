"""Spreadsheets: bytes to rows with every oddity named, and rows to workbooks."""

from .writing import workbook

__all__ = ["workbook"]
