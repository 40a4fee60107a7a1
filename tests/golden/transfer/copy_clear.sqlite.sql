-- Begin anew: what the work tables know of the source may be of before.
DELETE FROM lc_usage;

DELETE FROM lc_alone;

DELETE FROM lc_link;

DELETE FROM lc_session;

DELETE FROM lc_climb;

DELETE FROM lc_root;
