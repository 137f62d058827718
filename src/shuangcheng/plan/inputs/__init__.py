"""What the plan's actions are told; each class is the form, the API schema and the spreadsheet at once."""
