-- Very many sessions of ten rows each in a file of client 1.18.33: the session, two messages of two
-- parts each, two events and the number of the last. One in five has a parent. Values: :sessions, :now.

INSERT INTO project (id, worktree, time_created, time_updated, sandboxes) VALUES ('global', '/', 0, 0, '[]');

INSERT INTO session (id, project_id, parent_id, slug, directory, path, title, version, time_created, time_updated)
WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < :sessions - 1)
SELECT printf('ses_%026d', n), 'global', CASE WHEN n % 5 = 4 THEN printf('ses_%026d', n - 1) END, 'slug',
       '/work/' || n % 7, 'work/' || n % 7, 'Session ' || n, '1.18.33',
       :now - (1 + n % 300) * 86400000, :now - (1 + n % 300) * 86400000
FROM n;

INSERT INTO message (id, session_id, time_created, time_updated, data)
SELECT printf('msg_%026d', CAST(substr(s.id, 5) AS INTEGER) * 2 + d.k), s.id, s.time_updated, s.time_updated,
       CASE d.k
         WHEN 1 THEN printf('{"role":"assistant","time":{"created":%d,"completed":%d},"cost":0,'
                            || '"tokens":{"input":10,"output":20}}', s.time_updated, s.time_updated)
         ELSE printf('{"role":"user","time":{"created":%d},"agent":"build"}', s.time_updated) END
FROM session AS s CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1) AS d ORDER BY s.id, d.k;

INSERT INTO part (id, message_id, session_id, time_created, time_updated, data)
SELECT printf('prt_%026d', CAST(substr(m.id, 5) AS INTEGER) * 2 + d.k), m.id, m.session_id, m.time_updated,
       m.time_updated, '{"type":"text","text":"' || m.id || d.k || '"}'
FROM message AS m CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1) AS d ORDER BY m.id, d.k;

INSERT INTO event_sequence (aggregate_id, seq) SELECT s.id, 1 FROM session AS s;

INSERT INTO event (id, aggregate_id, seq, type, data)
SELECT printf('evt_%026d', CAST(substr(s.id, 5) AS INTEGER) * 2 + d.k), s.id, d.k, 'session.updated.1',
       '{"sessionID":"' || s.id || '"}'
FROM session AS s CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1) AS d ORDER BY s.id, d.k;
