INSERT INTO lc_side_effect (kind, name, place, through, said, must_be_foreseen);
