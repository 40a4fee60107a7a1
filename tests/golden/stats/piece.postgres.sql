-- Parts: `compacted` are the octets that go from tool results which the client has marked as cleared and keeps all
-- the same. A row that is no JSON counts whole, as such.
INSERT INTO lc_piece (
  id,
  kind,
  bytes,
  stamp,
  compacted
)
SELECT
  p.id,
  CASE
    WHEN CASE WHEN pg_temp.gc_json(p.data) IS NULL THEN 0 ELSE 1 END = 1
    THEN COALESCE((
      pg_temp.gc_json(p.data) #>> '{type}'
    ), 'no type')
    ELSE 'invalid json'
  END,
  COALESCE(OCTET_LENGTH(p.data), 0),
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0),
  CASE
    WHEN CASE
      WHEN CASE WHEN pg_temp.gc_json(p.data) IS NULL THEN 0 ELSE 1 END = 1
      THEN CASE
        WHEN (
          pg_temp.gc_json(p.data) #>> '{type}'
        ) = 'tool'
        THEN CASE
          WHEN (
            pg_temp.gc_json(p.data) #>> '{state,status}'
          ) = 'completed'
          AND COALESCE(OCTET_LENGTH(pg_temp.gc_json(p.data) #>> '{state,time,compacted}'), 0) >= 13
          AND CASE WHEN pg_temp.gc_json(p.data) IS NULL THEN 0 ELSE 1 END = 1
          AND (
            COALESCE((
              pg_temp.gc_json(p.data) #>> '{state,output}'
            ), '') <> '[Old tool result content cleared]'
            OR CASE
              WHEN COALESCE(JSONB_TYPEOF(pg_temp.gc_json(p.data) #> '{state,attachments}'), 'null') = 'null'
              THEN 0
              ELSE 1
            END = 1
            OR COALESCE(OCTET_LENGTH(pg_temp.gc_json(p.data) #>> '{state,metadata}'), 0) > COALESCE(OCTET_LENGTH(pg_temp.gc_json(pg_temp.gc_links(p.data)) #>> '{state,metadata}'), 0)
          )
          THEN 1
          ELSE 0
        END
        ELSE 0
      END
      ELSE 0
    END = 1
    THEN OCTET_LENGTH(p.data) - OCTET_LENGTH(
      pg_temp.gc_drop(
        pg_temp.gc_put(pg_temp.gc_links(p.data), '{state,output}', '[Old tool result content cleared]'),
        '{state,attachments}'
      )
    )
  END
FROM part AS p;
