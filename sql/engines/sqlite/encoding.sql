-- How the store keeps its texts.
PRAGMA encoding;
