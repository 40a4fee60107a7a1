-- Of each session 10 messages of 10 parts and 30 events; no two texts are alike, ids are as long as the client's.

INSERT INTO message (id, session_id, time_created, time_updated, data)
SELECT printf('msg_%026d', CAST(substr(s.id, 5) AS INTEGER) * 10 + d.k), s.id, s.time_updated, s.time_updated,
       CASE d.k % 2
         WHEN 1 THEN printf('{"role":"assistant","time":{"created":%d,"completed":%d},"cost":0,'
                            || '"tokens":{"input":10,"output":20}}', s.time_updated, s.time_updated)
         ELSE printf('{"role":"user","time":{"created":%d},"agent":"build"}', s.time_updated) END
FROM session AS s CROSS JOIN digit AS d WHERE d.k < 10 ORDER BY s.id, d.k;

INSERT INTO part (id, message_id, session_id, time_created, time_updated, data)
SELECT printf('prt_%026d', CAST(substr(m.id, 5) AS INTEGER) * 10 + d.k), m.id, m.session_id, m.time_updated,
       m.time_updated,
       CASE d.k % 3
         WHEN 0 THEN '{"type":"text","text":"' || m.id || d.k || replace(printf('%030d', 0), '0', ' word') || '"}'
         WHEN 1 THEN '{"type":"tool","tool":"bash","callID":"' || m.id || d.k || '","state":{"status":"completed",'
                     || '"input":{"command":"ls"},"output":"' || replace(printf('%090d', 0), '0', 'line\n')
                     || '","title":"ls","metadata":{},"time":{"start":1,"end":2}}}'
         ELSE '{"type":"step-finish","snapshot":"' || m.id || d.k || '","reason":"stop","cost":0,'
              || '"tokens":{"input":10,"output":20}}' END
FROM message AS m CROSS JOIN digit AS d WHERE d.k < 10 ORDER BY m.id, d.k;

INSERT INTO event_sequence (aggregate_id, seq) SELECT s.id, 29 FROM session AS s;

INSERT INTO event (id, aggregate_id, seq, type, data)
SELECT printf('evt_%026d', CAST(substr(s.id, 5) AS INTEGER) * 30 + d.k), s.id, d.k, 'message.part.updated.1',
       '{"sessionID":"' || s.id || '","part":{"id":"' || printf('prt_%026d', CAST(substr(s.id, 5) AS INTEGER) * 100 + d.k)
       || '","type":"text","text":"' || d.k || replace(printf('%040d', 0), '0', ' word') || '"}}'
FROM session AS s CROSS JOIN digit AS d ORDER BY s.id, d.k;
