-- Only trees with a session that an origin brought here are judged.
DELETE FROM lc_tree
WHERE
  NOT root_id IN (
    SELECT
      r.root_id
    FROM lc_root AS r
    JOIN lifecycle_copy AS c
      ON c.session_id = r.id
    WHERE
      c.origin = 'desk:1f0a'
  );
