-- Parts: `compacted` are the octets of tool results that the client has marked as cleared and keeps all the same;
-- `attached` those of base64 in files and tool attachments. A row that is no JSON counts whole, as such.
INSERT INTO lc_piece (kind, bytes, compacted, attached)
SELECT
  CASE WHEN json_valid(p.data) = 1 THEN COALESCE(json_extract(p.data, '$.type'), 'no type') ELSE 'invalid json' END,
  octet_length(p.data),
  CASE WHEN json_valid(p.data) = 1 THEN
    CASE WHEN json_extract(p.data, '$.type') = 'tool'
      AND json_has(p.data, '$.state.time.compacted') = 1
      AND COALESCE(json_extract(p.data, '$.state.output'), '') <> '[Old tool result content cleared]'
    THEN octet_length(p.data) - octet_length(json_remove(
      json_set(p.data, '$.state.output', '[Old tool result content cleared]'), '$.state.attachments', '$.state.metadata'
    )) ELSE 0 END
  ELSE 0 END,
  CASE WHEN json_valid(p.data) = 1 THEN
    CASE
      WHEN json_extract(p.data, '$.type') = 'file' AND json_extract(p.data, '$.url') LIKE 'data:%;base64,%'
        THEN json_tail(p.data, '$.url')
      WHEN json_extract(p.data, '$.type') = 'tool' THEN json_tail(p.data, '$.state.attachments')
      ELSE 0
    END
  ELSE 0 END
FROM part AS p;

INSERT INTO lc_gain (kind, found, bytes)
SELECT 'compacted', COUNT(*), COALESCE(SUM(p.compacted), 0)
FROM lc_piece AS p
WHERE p.compacted > 0;

INSERT INTO lc_gain (kind, found, bytes)
SELECT 'attachments', COUNT(*), COALESCE(SUM(p.attached), 0)
FROM lc_piece AS p
WHERE p.attached > 0;

INSERT INTO lc_gain (kind, found, bytes)
SELECT 'reasoning', COUNT(*), COALESCE(SUM(p.bytes), 0)
FROM lc_piece AS p
WHERE p.kind = 'reasoning';
