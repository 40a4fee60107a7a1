"""Which sessions the policy keeps, and which go."""
