-- Parts: `compacted` are the octets that go from tool results which the client has marked as cleared and keeps all
-- the same. The usual kinds are told by the head of the text, as the client writes it, the others by their JSON; a row
-- that is neither counts whole, as such. Beside these, only what may be marked is parsed: looking for the word is three
-- times as fast. A reclamation wants to know what is no JSON, and parses all that may be marked.
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
    WHEN CASE WHEN p_data.document IS NULL THEN 0 ELSE 1 END = 1
    THEN COALESCE((
      p_data.document #>> '{type}'
    ), 'no type')
    ELSE 'invalid json'
  END,
  COALESCE(OCTET_LENGTH(p.data), 0),
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0),
  CASE
    WHEN p.data LIKE '%"compacted"%'
    THEN CASE
      WHEN CASE
        WHEN CASE WHEN p_data.document IS NULL THEN 0 ELSE 1 END = 1
        THEN CASE
          WHEN (
            p_data.document #>> '{type}'
          ) = 'tool'
          THEN CASE
            WHEN (
              p_data.document #>> '{state,status}'
            ) = 'completed'
            AND COALESCE(OCTET_LENGTH(p_data.document #>> '{state,time,compacted}'), 0) >= 13
            AND CASE WHEN p_data.document IS NULL THEN 0 ELSE 1 END = 1
            AND (
              COALESCE((
                p_data.document #>> '{state,output}'
              ), '') <> '[Old tool result content cleared]'
              OR CASE WHEN COALESCE(JSONB_TYPEOF(p_data.document #> '{state,attachments}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
              OR COALESCE(OCTET_LENGTH(p_data.document #>> '{state,metadata}'), 0) > COALESCE(OCTET_LENGTH(pg_temp.gc_links(p_data.document) #>> '{state,metadata}'), 0)
            )
            THEN 1
            ELSE 0
          END
          ELSE 0
        END
        ELSE 0
      END = 1
      THEN OCTET_LENGTH(p.data) - OCTET_LENGTH(
        pg_temp.gc_text(
          JSONB_SET(pg_temp.gc_links(p_data.document), '{state,output}', TO_JSONB(CAST('[Old tool result content cleared]' AS TEXT))) #- '{state,attachments}',
          p.data
        )
      )
    END
  END
FROM part AS p
CROSS JOIN LATERAL (
  SELECT
    pg_temp.gc_json(p.data) AS document
  OFFSET 0
) AS p_data
WHERE
  p.data LIKE '%"compacted"%';
