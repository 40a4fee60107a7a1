-- How many sessions there are, and how many of them may be of a tree without activity since: none, and nothing is over
-- an age. A time that is not clear tells nothing. An id in both layouts counts twice.
SELECT
  (
    SELECT
      COUNT(*)
    FROM session AS session_row
  ) + (
    SELECT
      COUNT(*)
    FROM session_v2 AS session_v2_row
  ) AS sessions,
  (
    SELECT
      COUNT(*)
    FROM session AS session_old
    WHERE
      COALESCE(
        CASE
          WHEN TYPEOF(session_old.time_updated) = 'integer' AND session_old.time_updated >= 1000000000000
          THEN session_old.time_updated
        END,
        1797408000000 - 1
      ) < 1797408000000
  ) + (
    SELECT
      COUNT(*)
    FROM session_v2 AS session_v2_old
    WHERE
      COALESCE(
        CASE
          WHEN TYPEOF(session_v2_old.time_updated) = 'integer' AND session_v2_old.time_updated >= 1000000000000
          THEN session_v2_old.time_updated
        END,
        1797408000000 - 1
      ) < 1797408000000
  ) AS old;
