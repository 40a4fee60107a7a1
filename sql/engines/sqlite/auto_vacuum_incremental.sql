-- Keep track of free pages from now on, so that they can be given back in steps; takes effect with the next VACUUM.
PRAGMA auto_vacuum = INCREMENTAL;
