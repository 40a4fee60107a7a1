-- Of each session ten rows, itself among them: two messages of two parts each, two events and the number of the last.

INSERT INTO message (id, session_id, time_created, time_updated, data)
SELECT printf('msg_%026d', CAST(substr(s.id, 5) AS INTEGER) * 2 + d.k), s.id, s.time_updated, s.time_updated,
       CASE d.k
         WHEN 1 THEN printf('{"role":"assistant","time":{"created":%d,"completed":%d},"cost":0,'
                            || '"tokens":{"input":10,"output":20}}', s.time_updated, s.time_updated)
         ELSE printf('{"role":"user","time":{"created":%d},"agent":"build"}', s.time_updated) END
FROM session AS s CROSS JOIN digit AS d WHERE d.k < 2 ORDER BY s.id, d.k;

INSERT INTO part (id, message_id, session_id, time_created, time_updated, data)
SELECT printf('prt_%026d', CAST(substr(m.id, 5) AS INTEGER) * 2 + d.k), m.id, m.session_id, m.time_updated,
       m.time_updated, '{"type":"text","text":"' || m.id || d.k || '"}'
FROM message AS m CROSS JOIN digit AS d WHERE d.k < 2 ORDER BY m.id, d.k;

INSERT INTO event_sequence (aggregate_id, seq) SELECT s.id, 1 FROM session AS s;

INSERT INTO event (id, aggregate_id, seq, type, data)
SELECT printf('evt_%026d', CAST(substr(s.id, 5) AS INTEGER) * 2 + d.k), s.id, d.k, 'session.updated.1',
       '{"sessionID":"' || s.id || '"}'
FROM session AS s CROSS JOIN digit AS d WHERE d.k < 2 ORDER BY s.id, d.k;
