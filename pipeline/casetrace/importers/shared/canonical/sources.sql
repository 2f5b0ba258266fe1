-- One row per case: the database that it comes from.
SELECT case_id, [] AS authors, $database AS article_title, $licence AS licence, [] AS curators FROM placed_cases ORDER BY case_id
