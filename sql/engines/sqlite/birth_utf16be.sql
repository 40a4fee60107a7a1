-- Texts are kept as in the store that they come from.
PRAGMA encoding = 'UTF-16be';
