PRAGMA ignore_check_constraints = OFF;

PRAGMA foreign_keys = ON;

DETACH DATABASE anew;
