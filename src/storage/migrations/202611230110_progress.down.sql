DROP TABLE practice_counts;
DROP TABLE practice_days;
DROP TABLE session_contributions;
DROP TABLE user_progress_llm;
