DROP TABLE feedback_stars;
