-- How many sessions there are, and how many of them may be of a tree without activity since: none, and nothing is over
-- an age. A time that is not clear tells nothing. An id in both layouts counts twice.
SELECT
  (
    SELECT
      COUNT_BIG(*)
    FROM session AS session_row
  ) + (
    SELECT
      COUNT_BIG(*)
    FROM session_v2 AS session_v2_row
  ) AS sessions,
  (
    SELECT
      COUNT_BIG(*)
    FROM session AS session_old
    WHERE
      COALESCE(CASE WHEN session_old.time_updated >= 1000000000000 THEN session_old.time_updated END, 1797408000000 - 1) < 1797408000000
  ) + (
    SELECT
      COUNT_BIG(*)
    FROM session_v2 AS session_v2_old
    WHERE
      COALESCE(
        CASE WHEN session_v2_old.time_updated >= 1000000000000 THEN session_v2_old.time_updated END,
        1797408000000 - 1
      ) < 1797408000000
  ) AS old;
