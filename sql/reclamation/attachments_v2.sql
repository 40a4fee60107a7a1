<#- attachments: the same in the messages of 2.x sessions, and of the second runner of 1.17 and 1.18.
    Goes:  in idle sessions, the content of session_message.data's files[].data and files[].uri, and of uri in the
           state.content[] and state.attachments[] of its content[], to the folder.
    Lost:  as for parts.
    Safe:  as for parts; 2.x and 1.18 ask for canonical base64 of the media type that is named beside it, which a
           stand-in is.
    Since: 1.17 (files[].data: 2.0). -#>
-- Messages of the batch as they become, unless they changed since they were read. (A subquery: UPDATE .. FROM would have
-- a large row in memory once more.)
UPDATE session_message
SET data = COALESCE((SELECT m.value FROM lc_moved AS m WHERE m.id = session_message.id), session_message.data)
WHERE id IN (SELECT c.id FROM lc_chosen AS c);
