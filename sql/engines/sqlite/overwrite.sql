-- The policy asks that deleted content be overwritten with zeros.
PRAGMA secure_delete = ON;
