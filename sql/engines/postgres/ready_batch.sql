-- And how few sessions of it are doomed in this batch, or it would read whole tables for them.
ANALYZE lc_doomed;
