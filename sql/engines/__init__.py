"""One folder an engine: its own SQL, and the driver that runs it."""
