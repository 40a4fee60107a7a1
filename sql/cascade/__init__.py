"""Removal of whole trees: the plan file, its guard and deletions, and what carries them out."""
