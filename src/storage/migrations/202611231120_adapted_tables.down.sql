DROP TABLE adapted_sentences;
DROP TABLE adapted_users;
DROP TABLE adapted_tables;
