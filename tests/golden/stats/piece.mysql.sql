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
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(p.data) = 1
        THEN p.data
        ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN COALESCE(
      JSON_VALUE(
        CASE
          WHEN JSON_VALID(p.data) = 1
          THEN p.data
          ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
        END,
        '$.type'
      ),
      'no type'
    )
    ELSE 'invalid json'
  END,
  COALESCE(OCTET_LENGTH(p.data), 0),
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0),
  CASE
    WHEN p.data LIKE '%"compacted"%'
    THEN CASE
      WHEN CASE
        WHEN JSON_VALID(
          CASE
            WHEN JSON_VALID(p.data) = 1
            THEN p.data
            ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END
        ) = 1
        THEN CASE
          WHEN JSON_VALUE(
            CASE
              WHEN JSON_VALID(p.data) = 1
              THEN p.data
              ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
            END,
            '$.type'
          ) = 'tool'
          THEN CASE
            WHEN JSON_VALUE(
              CASE
                WHEN JSON_VALID(p.data) = 1
                THEN p.data
                ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.state.status'
            ) = 'completed'
            AND COALESCE(
              OCTET_LENGTH(
                JSON_UNQUOTE(
                  JSON_EXTRACT(
                    CASE
                      WHEN JSON_VALID(p.data) = 1
                      THEN p.data
                      ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                    END,
                    '$.state.time.compacted'
                  )
                )
              ),
              0
            ) >= 13
            AND JSON_VALID(p.data) = 1
            AND (
              COALESCE(
                JSON_VALUE(
                  CASE
                    WHEN JSON_VALID(p.data) = 1
                    THEN p.data
                    ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.state.output'
                ),
                ''
              ) <> '[Old tool result content cleared]'
              OR CASE
                WHEN COALESCE(
                  JSON_TYPE(
                    JSON_EXTRACT(
                      CASE
                        WHEN JSON_VALID(p.data) = 1
                        THEN p.data
                        ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                      END,
                      '$.state.attachments'
                    )
                  ),
                  'NULL'
                ) = 'NULL'
                THEN 0
                ELSE 1
              END = 1
              OR COALESCE(
                OCTET_LENGTH(
                  JSON_UNQUOTE(
                    JSON_EXTRACT(
                      CASE
                        WHEN JSON_VALID(p.data) = 1
                        THEN p.data
                        ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                      END,
                      '$.state.metadata'
                    )
                  )
                ),
                0
              ) > COALESCE(
                OCTET_LENGTH(
                  JSON_UNQUOTE(
                    JSON_EXTRACT(
                      CASE
                        WHEN JSON_VALID(
                          JSON_REPLACE(
                            p.data,
                            '$.state.metadata',
                            JSON_MERGE_PATCH(
                              '{}',
                              JSON_OBJECT(
                                'sessionId', JSON_EXTRACT(p.data, '$.state.metadata.sessionId'),
                                'parentSessionId', JSON_EXTRACT(p.data, '$.state.metadata.parentSessionId')
                              )
                            )
                          )
                        ) = 1
                        THEN JSON_REPLACE(
                          p.data,
                          '$.state.metadata',
                          JSON_MERGE_PATCH(
                            '{}',
                            JSON_OBJECT(
                              'sessionId', JSON_EXTRACT(p.data, '$.state.metadata.sessionId'),
                              'parentSessionId', JSON_EXTRACT(p.data, '$.state.metadata.parentSessionId')
                            )
                          )
                        )
                        ELSE REGEXP_REPLACE(
                          JSON_REPLACE(
                            p.data,
                            '$.state.metadata',
                            JSON_MERGE_PATCH(
                              '{}',
                              JSON_OBJECT(
                                'sessionId', JSON_EXTRACT(p.data, '$.state.metadata.sessionId'),
                                'parentSessionId', JSON_EXTRACT(p.data, '$.state.metadata.parentSessionId')
                              )
                            )
                          ),
                          '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}',
                          '\\\\1?'
                        )
                      END,
                      '$.state.metadata'
                    )
                  )
                ),
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
      THEN OCTET_LENGTH(p.data) - OCTET_LENGTH(
        JSON_REMOVE(
          JSON_SET(
            JSON_REPLACE(
              p.data,
              '$.state.metadata',
              JSON_MERGE_PATCH(
                '{}',
                JSON_OBJECT(
                  'sessionId', JSON_EXTRACT(p.data, '$.state.metadata.sessionId'),
                  'parentSessionId', JSON_EXTRACT(p.data, '$.state.metadata.parentSessionId')
                )
              )
            ),
            '$.state.output',
            '[Old tool result content cleared]'
          ),
          '$.state.attachments'
        )
      )
    END
  END
FROM part AS p
WHERE
  p.data LIKE '%"compacted"%';
