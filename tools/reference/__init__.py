"""Makes the reference files of the product from the collected source data."""
