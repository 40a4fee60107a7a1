"""The SQL of the bundle: templates by concern, and the modules that render, check, lower and run them."""
