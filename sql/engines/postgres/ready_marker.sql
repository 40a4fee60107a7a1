-- Tell the planner that one batch is at hand.
ANALYZE lc_batch;
