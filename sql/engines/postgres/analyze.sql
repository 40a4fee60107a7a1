-- Figures for the planner, after many rows came in.
ANALYZE target;
