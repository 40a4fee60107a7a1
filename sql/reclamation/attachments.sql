<#- attachments: files that came with a prompt or with the result of a tool, as base64 inside 1.x parts.
    Goes:  in idle sessions, the content of part.data's url (type file) and of state.attachments[].url (type tool), to
           a folder of ours where it lies once, under its SHA-256. A tiny file of the same media type stands in its
           place, which says so and holds the digest.
    Lost:  the file in the client's view, and for the model, which is sent the stand-in; until
           `restore --attachments` puts it back.
    Safe:  the file is on the disk before the row changes; what comes in its place is a whole file of the same type,
           which clients from 1.2 on and a preview of 2.0 show and send; no other octet of the row changes.
    Since: 1.2. -#>
-- Parts of the batch as they become, unless they changed since they were read. (A subquery: UPDATE .. FROM would have
-- a large row in memory once more.)
UPDATE part
SET data = COALESCE((SELECT m.value FROM lc_moved AS m WHERE m.id = part.id), part.data)
WHERE id IN (SELECT c.id FROM lc_chosen AS c);
