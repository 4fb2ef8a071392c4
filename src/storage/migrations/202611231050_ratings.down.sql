DROP TABLE rating_lines;
DROP TABLE human_ratings;
DROP TABLE rating_consents;
