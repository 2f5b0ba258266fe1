-- title: Items of the HEP score
-- grain: one row per item
-- reads: none
-- params: none
-- missing: an item of which nothing is known lies anywhere between its fewest and most points
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; table as in Hematology ASH Educ Program 2013:668-674
-- returns: view
SELECT * FROM (VALUES
    ('magnitude', 1, 'data-derived', -1, 3, NULL), ('timing', 2, 'data-derived', -2, 3, NULL), ('nadir', 3, 'data-derived', -2, 2, NULL),
    ('thrombosis', 4, 'adjudicated', 0, 3, 'thrombosis in general'), ('skin_necrosis', 5, 'adjudicated', 0, 3, 'the skin'),
    ('systemic_reaction', 6, 'adjudicated', 0, 2, 'a reaction to a bolus'), ('bleeding', 7, 'adjudicated', -1, 0, 'bleeding'),
    ('chronic_disorder', 8, 'adjudicated', -1, 0, 'a chronic thrombocytopenic disorder'),
    ('new_drug', 9, 'adjudicated', -2, 0, 'a newly started drug known to lower platelets'), ('severe_infection', 10, 'adjudicated', -2, 0, 'infection'),
    ('severe_dic', 11, 'data-derived', -2, 0, 'fibrinogen'), ('arterial_device', 12, 'adjudicated', -2, 0, 'an intra-arterial device'),
    ('bypass_96h', 13, 'adjudicated', -1, 0, 'bypass in the 96 h before the fall'), ('no_other_cause', 14, 'adjudicated', 0, 3, 'other causes')
) items(item, position, basis, fewest, most, subject)
