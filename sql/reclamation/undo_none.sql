DELETE FROM lc_original;

DELETE FROM lc_chosen;
