-- Rows come back as they were, and some had no owner then: a tree is put back whole in one transaction, so nothing
-- needs to be refused on the way.
PRAGMA foreign_keys = OFF;
