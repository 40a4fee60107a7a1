-- Of the sessions at hand, those of which the copy has rows of part that the source has not.
SELECT
  owner.session_id AS id
FROM lc_copy AS c
JOIN message AS owner
  ON owner.session_id = c.id
JOIN part AS t
  ON t.message_id = owner.id
LEFT JOIN lc_source AS n
  ON n.id = t.id AND n.name = 'part'
WHERE
  n.name IS NULL
GROUP BY
  owner.session_id;
