-- The store of team_store.sql on MariaDB, row by row: run with @now in milliseconds and @sessions.
SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin;

SET SESSION sql_mode = 'STRICT_ALL_TABLES,PIPES_AS_CONCAT', foreign_key_checks = 0, unique_checks = 0;

INSERT INTO project (id, worktree, time_created, time_updated, sandboxes)
VALUES ('global', '/', 0, 0, '[]');

INSERT INTO session (id, project_id, parent_id, slug, directory, title, version, cost, tokens_input, tokens_output,
                     tokens_reasoning, tokens_cache_read, tokens_cache_write, time_created, time_updated)
SELECT 'ses_' || lpad(n, 26, '0'), 'global',
       CASE WHEN n % 5 = 4 THEN 'ses_' || lpad(n - 1, 26, '0') END,
       'slug', '/work/' || (n % 7), 'Session ' || n, '1.18.33', 0, 0, 0, 0, 0, 0,
       @now - age, @now - age
FROM (
  SELECT seq AS n, CASE WHEN seq DIV 5 % 5 < 4 THEN 60 + seq % 300 ELSE seq % 20 + 2 END * 86400000 AS age
  FROM seq_0_to_99999999
  WHERE seq < @sessions
) AS s;

INSERT INTO message (id, session_id, time_created, time_updated, data)
SELECT 'msg_' || lpad(right(s.id, 26) * 10 + k, 26, '0'), s.id, s.time_updated, s.time_updated,
       CASE WHEN k % 2 = 1
         THEN '{"role":"assistant","time":{"created":' || s.time_updated || ',"completed":' || s.time_updated
              || '},"cost":0,"tokens":{"input":10,"output":20}}'
         WHEN k = 8
         THEN '{"role":"user","time":{"created":' || s.time_updated || '},"agent":"build","summary":{"diffs":[{"file":"a.txt","before":"'
              || repeat('old line ', 20) || '","after":"' || s.id || '"}]}}'
         ELSE '{"role":"user","time":{"created":' || s.time_updated || '},"agent":"build"}' END
FROM session AS s CROSS JOIN (SELECT seq AS k FROM seq_0_to_9) AS n;

INSERT INTO part (id, message_id, session_id, time_created, time_updated, data)
SELECT 'prt_' || lpad(right(m.id, 26) * 10 + k, 26, '0'), m.id, m.session_id, m.time_updated, m.time_updated,
       CASE k % 3
         WHEN 0 THEN '{"type":"text","text":"' || m.id || k || ' ' || repeat('word ' || k || ' ', 30) || '"}'
         WHEN 1 THEN '{"type":"tool","tool":"bash","callID":"' || m.id || k || '","state":{"status":"completed","input":{"command":"ls"},'
                     || '"output":"' || repeat('line ' || k || '\\n', 90) || '","title":"ls","metadata":{},'
                     || '"time":{"start":1,"end":2' || CASE WHEN k = 4 THEN ',"compacted":1700000000000' ELSE '' END || '}}}'
         ELSE '{"type":"step-finish","snapshot":"' || m.id || k || '","reason":"stop","cost":0,"tokens":{"input":10,"output":20}}' END
FROM message AS m CROSS JOIN (SELECT seq AS k FROM seq_0_to_9) AS n;

INSERT INTO event_sequence (aggregate_id, seq)
SELECT s.id, 29 FROM session AS s;

INSERT INTO event (id, aggregate_id, seq, type, data)
SELECT 'evt_' || lpad(right(s.id, 26) * 30 + k, 26, '0'), s.id, k, 'message.part.updated.1',
       '{"sessionID":"' || s.id || '","part":{"id":"prt_' || lpad(right(s.id, 26) * 100 + k % 10, 26, '0')
       || '","type":"text","text":"' || k || ' ' || repeat('word ', 40) || '"}}'
FROM session AS s CROSS JOIN (SELECT seq AS k FROM seq_0_to_29) AS n;

UPDATE part
SET data = replace(data, 'line 4', 'line \\u0000 \\ud83d')
WHERE id LIKE '%004';

UPDATE part
SET data = left(data, 100)
WHERE id LIKE '%00104';

ANALYZE TABLE session, message, part, event, event_sequence;
