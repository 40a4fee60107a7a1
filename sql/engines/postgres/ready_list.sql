-- Let the planner know how long the list is: it counts temporary tables only when it is told to.
ANALYZE lc_planned;
