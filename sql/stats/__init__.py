"""What a store holds, in figures."""
