-- Only what an origin brought here counts: of huge parts, which are looked at whatever session they are of.
DELETE FROM lc_piece
WHERE
  id IN (
    SELECT
      k.id
    FROM lc_skeleton AS k
    JOIN part AS p
      ON p.id = k.id
    LEFT JOIN message AS owner
      ON owner.id = p.message_id
    WHERE
      NOT EXISTS(
        SELECT
          1
        FROM lifecycle_copy AS c
        WHERE
          c.origin = 'desk:1f0a' AND c.session_id = COALESCE(owner.session_id, p.session_id)
      )
  );
