DROP INDEX sessions_by_user_and_sentence;
DROP TABLE sentence_reviews;
