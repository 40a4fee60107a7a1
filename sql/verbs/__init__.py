"""What speaks to people: one module a group of verbs."""
