"""Pure functions: values in, values out; no Django, no database, no clock, no network, no files."""
