DROP TABLE leaderboard_members;
DROP TABLE class_challenges;
