DELETE FROM lifecycle_pin
WHERE
  session = 'ses_e08bc50f1ffeEjVqoN0steH3Gl';
