"""Rows in and out: exports, restore, copies on servers."""
