-- Whose message it is: a part that comes with no message of its own must not become one of another session.
SELECT m.session_id
FROM message AS m
WHERE m.id = :id;
