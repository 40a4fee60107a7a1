-- Write the whole store anew, without free pages. Needs twice the remaining data on the disk for a while.
VACUUM;
