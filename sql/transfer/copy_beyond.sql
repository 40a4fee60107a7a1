-- Of the sessions at hand, those of which the copy has rows of << owned.name >> that the source has not.
<%- if owned.via %>
SELECT owner.session_id AS id
FROM lc_copy AS c
JOIN << owned.via.table >> AS owner ON owner.session_id = c.id
JOIN << owned.name >> AS t ON t.<< owned.via.column >> = owner.id
LEFT JOIN lc_source AS n ON n.id = t.id AND n.name = '<< owned.name >>'
WHERE n.name IS NULL
GROUP BY owner.session_id;
<%- else %>
SELECT t.<< owned.key >> AS id
FROM lc_copy AS c
JOIN << owned.name >> AS t ON t.<< owned.key >> = c.id
LEFT JOIN lc_source AS n ON n.id = t.id AND n.name = '<< owned.name >>'
WHERE n.name IS NULL
GROUP BY t.<< owned.key >>;
<%- endif %>
