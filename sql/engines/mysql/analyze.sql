-- Figures for the planner, after many rows came in.
ANALYZE TABLE target;
