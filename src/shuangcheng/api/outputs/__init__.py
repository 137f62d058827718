"""What the API answers: one class per thing, written out by hand."""
