-- Write the table anew and give the rest back. Others may go on meanwhile; the disk must hold it twice.
OPTIMIZE TABLE target;
