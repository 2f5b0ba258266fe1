-- title: Doses that give something
-- grain: one row per case, dose row and occurrence whose amount is not surely 0
-- reads: doses
-- params: none
-- missing: an amount that is not printed may be any, and stays
-- source: a rate or an amount of 0 adds nothing, is no exposure and starts no course; docs/case-folder.md, Doses
-- returns: view
SELECT * FROM doses
WHERE NOT (coalesce(stat, 'mean') IN ('mean', 'range', 'max')
    AND coalesce(greatest(amount, amount_high), greatest(amount_per_kg, amount_per_kg_high), 1) = 0)
