-- Compact the table's pages and its large texts in small steps; nobody is locked out.
ALTER INDEX ALL ON target REORGANIZE WITH (LOB_COMPACTION = ON);

-- Figures for the planner.
UPDATE STATISTICS target;
