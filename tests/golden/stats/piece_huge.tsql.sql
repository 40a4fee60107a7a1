-- Huge parts anew, by their skeletons. What could not be told by its skeleton alone stays as it is.
DELETE FROM #lc_piece
WHERE
  bytes >= 16777216;

INSERT INTO #lc_piece (
  id,
  kind,
  bytes,
  stamp,
  compacted
)
SELECT
  k.id,
  CASE WHEN ISJSON(k.value) = 1 THEN COALESCE(JSON_VALUE(k.value, '$.type'), 'no type') ELSE 'invalid json' END,
  k.octets,
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0),
  CASE
    WHEN CASE
      WHEN ISJSON(k.value) = 1
      THEN CASE
        WHEN JSON_VALUE(k.value, '$.type') = 'tool'
        THEN CASE
          WHEN JSON_VALUE(k.value, '$.state.status') = 'completed'
          AND COALESCE(
            CAST(DATALENGTH(COALESCE(JSON_QUERY(k.value, '$.state.time.compacted'), JSON_VALUE(k.value, '$.state.time.compacted'))) AS BIGINT),
            0
          ) >= 13
          AND ISJSON(k.value) = 1
          AND (
            COALESCE(JSON_VALUE(k.value, '$.state.output'), '') <> '[Old tool result content cleared]'
            OR CASE
              WHEN JSON_VALUE(k.value, '$.state.attachments') IS NULL AND JSON_QUERY(k.value, '$.state.attachments') IS NULL
              THEN 0
              ELSE 1
            END = 1
            OR COALESCE(
              CAST(DATALENGTH(COALESCE(JSON_QUERY(k.value, '$.state.metadata'), JSON_VALUE(k.value, '$.state.metadata'))) AS BIGINT),
              0
            ) > COALESCE(
              CAST(DATALENGTH(
                COALESCE(
                  JSON_QUERY(
                    CASE
                      WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
                      THEN k.value
                      ELSE JSON_MODIFY(
                        k.value,
                        '$.state.metadata',
                        JSON_QUERY(
                          JSON_MODIFY(
                            JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
                            '$.parentSessionId',
                            JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
                          ),
                          '$'
                        )
                      )
                    END,
                    '$.state.metadata'
                  ),
                  JSON_VALUE(
                    CASE
                      WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
                      THEN k.value
                      ELSE JSON_MODIFY(
                        k.value,
                        '$.state.metadata',
                        JSON_QUERY(
                          JSON_MODIFY(
                            JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
                            '$.parentSessionId',
                            JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
                          ),
                          '$'
                        )
                      )
                    END,
                    '$.state.metadata'
                  )
                )
              ) AS BIGINT),
              0
            )
          )
          THEN 1
          ELSE 0
        END
        ELSE 0
      END
      ELSE 0
    END = 1
    AND JSON_MODIFY(
      JSON_MODIFY(
        CASE
          WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
          THEN k.value
          ELSE JSON_MODIFY(
            k.value,
            '$.state.metadata',
            JSON_QUERY(
              JSON_MODIFY(
                JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
                '$.parentSessionId',
                JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
              ),
              '$'
            )
          )
        END,
        '$.state.output',
        '[Old tool result content cleared]'
      ),
      '$.state.attachments',
      NULL
    ) NOT LIKE '%left out%'
    THEN k.octets - CAST(DATALENGTH(
      JSON_MODIFY(
        JSON_MODIFY(
          CASE
            WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
            THEN k.value
            ELSE JSON_MODIFY(
              k.value,
              '$.state.metadata',
              JSON_QUERY(
                JSON_MODIFY(
                  JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
                  '$.parentSessionId',
                  JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
                ),
                '$'
              )
            )
          END,
          '$.state.output',
          '[Old tool result content cleared]'
        ),
        '$.state.attachments',
        NULL
      )
    ) AS BIGINT)
  END
FROM #lc_skeleton AS k
JOIN part AS p
  ON p.id = k.id
WHERE
  k.name = 'part' AND k.value LIKE '%"compacted"%';
