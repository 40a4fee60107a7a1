-- The original values at hand.
SELECT o.id, o.value
FROM lc_original AS o;
