"""The client's tables, and how they came to be."""
