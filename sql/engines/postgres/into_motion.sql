INSERT INTO lc_motion (kind, name, place, through, said, must_be_foreseen);
