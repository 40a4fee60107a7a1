"""What to keep: policy files, and the module that loads, checks and describes one."""
