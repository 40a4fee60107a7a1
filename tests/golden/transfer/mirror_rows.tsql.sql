-- part of the sessions at hand, by its message.
SELECT
  owner.session_id AS owner_id,
  t.[id],
  CASE WHEN CAST(DATALENGTH(t.[message_id]) AS BIGINT) <= 16777216 THEN t.[message_id] END AS [message_id],
  CASE WHEN CAST(DATALENGTH(t.[message_id]) AS BIGINT) > 16777216 THEN 1 END AS [message_id_long],
  CASE WHEN CAST(DATALENGTH(t.[data]) AS BIGINT) <= 16777216 THEN t.[data] END AS [data],
  CASE WHEN CAST(DATALENGTH(t.[data]) AS BIGINT) > 16777216 THEN CAST(DATALENGTH(t.[data]) AS BIGINT) END AS [data_octets],
  CASE
    WHEN CAST(DATALENGTH(t.[data]) AS BIGINT) > 16777216
    THEN CONVERT(VARCHAR(32), HASHBYTES('MD5', t.[data]), 2)
  END AS [data_digest]
FROM #lc_copy AS c
JOIN message AS owner
  ON owner.session_id = c.id
JOIN part AS t
  ON t.message_id = owner.id
WHERE
  1 = 1
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_richer AS k
    WHERE
      k.id = t.id AND k.name = 'part'
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_early AS e
    WHERE
      e.id = c.id
  );
