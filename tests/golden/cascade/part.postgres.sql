-- A batch of its own for one tree of a batch that would keep a client waiting.
UPDATE lc_planned SET batch = 1
WHERE
  root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl';
