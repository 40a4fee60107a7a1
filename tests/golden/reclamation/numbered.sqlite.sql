-- The list is full: batches find their rows by number from here on.
CREATE INDEX lc_target_number ON lc_target(kind, name, field, number);
