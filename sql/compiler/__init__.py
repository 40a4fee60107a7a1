"""From a template to an engine's SQL: check, lower, render."""
