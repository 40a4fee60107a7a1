-- What stores of many small rows begin with, in a file of client 1.18.33: sessions, of which one in five has a parent, and
-- numbers to make their rows with. Values: :sessions, :now.

INSERT INTO project (id, worktree, time_created, time_updated, sandboxes) VALUES ('global', '/', 0, 0, '[]');

CREATE TEMP TABLE digit AS
WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < 29) SELECT k FROM n;

INSERT INTO session (id, project_id, parent_id, slug, directory, path, title, version, time_created, time_updated)
WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < :sessions - 1)
SELECT printf('ses_%026d', n), 'global', CASE WHEN n % 5 = 4 THEN printf('ses_%026d', n - 1) END, 'slug',
       '/work/' || n % 7, 'work/' || n % 7, 'Session ' || n, '1.18.33',
       :now - (1 + n % 300) * 86400000, :now - (1 + n % 300) * 86400000
FROM n;
