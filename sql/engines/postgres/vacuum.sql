-- Dead rows become room for new ones; no file shrinks but at its end, and nobody is locked out.
VACUUM (ANALYZE) target;
