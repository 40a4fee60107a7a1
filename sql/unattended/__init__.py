"""What runs without anybody looking: growth and warnings, what a run says of itself, and the jobs that start it."""
