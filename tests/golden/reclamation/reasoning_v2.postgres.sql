UPDATE session_message SET data = pg_temp.gc_text(pg_temp.gc_unthought(pg_temp.gc_json(session_message.data)), session_message.data)
FROM lc_chosen AS c
WHERE
  c.id = session_message.id
  AND CASE
    WHEN CASE
      WHEN session_message.type = 'assistant'
      THEN CASE
        WHEN CASE WHEN pg_temp.gc_json(session_message.data) IS NULL THEN 0 ELSE 1 END = 1
        THEN CASE
          WHEN CASE WHEN pg_temp.gc_json(session_message.data) IS NULL THEN 0 ELSE 1 END = 1
          AND CASE
            WHEN COALESCE(JSONB_TYPEOF(pg_temp.gc_json(session_message.data) #> '{time,completed}'), 'null') = 'null'
            THEN 0
            ELSE 1
          END = 1
          THEN pg_temp.gc_thoughts(pg_temp.gc_json(session_message.data))
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;
