DROP TABLE llm_usage_logs;
DROP TABLE llm_api_keys;
DROP TABLE llm_prices;
DROP TABLE llm_models;
DROP TABLE llm_providers;
