-- The flag of one session as it was, unless it has changed since; time_updated stays, so no verdict changes.
UPDATE << table >>
SET time_archived = :was
WHERE id = :id AND COALESCE(time_archived, 0) = COALESCE(:became, 0);
