DELETE FROM "lc_in_part";
