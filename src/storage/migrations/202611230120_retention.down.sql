DROP INDEX llm_usage_by_user;
DROP INDEX sessions_with_text;
DROP INDEX sessions_with_audio;
