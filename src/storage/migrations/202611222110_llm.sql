-- Language models: who serves them, what they cost, the keys to them, and every call. Rows are data an admin edits; those put
-- in here are a beginning.
CREATE TABLE llm_providers (
    id $IDENTITY,
    provider_name VARCHAR(50) NOT NULL UNIQUE,
    kind VARCHAR(20) NOT NULL CHECK (kind IN ('openai', 'gemini', 'deepseek', 'openai_compatible')),
    base_url VARCHAR(500) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    priority INTEGER NOT NULL DEFAULT 0, -- the lowest is asked first
    needs_key BOOLEAN NOT NULL DEFAULT TRUE,
    requests_per_minute INTEGER NOT NULL DEFAULT 60 CHECK (requests_per_minute >= 0), -- with one key; 0: no limit
    failure_threshold INTEGER NOT NULL DEFAULT 5 CHECK (failure_threshold >= 1),
    timeout_seconds INTEGER NOT NULL DEFAULT 60 CHECK (timeout_seconds >= 1),
    created_at $TIME NOT NULL,
    updated_at $TIME NOT NULL
);

CREATE TABLE llm_models (
    id $IDENTITY,
    provider_id $ID NOT NULL REFERENCES llm_providers (id) ON DELETE CASCADE,
    model_name VARCHAR(100) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    priority INTEGER NOT NULL DEFAULT 0, -- the lowest that can be used is used
    request_extra TEXT NOT NULL DEFAULT '{}', -- JSON merged into each request: how this model is told not to think, and the like
    shutdown_at $TIME, -- announced by the provider
    missing_until $TIME, -- the provider said it knows no such model; not asked again before
    UNIQUE (provider_id, model_name)
);

-- Prices in millionths of a dollar for a million tokens, so that tokens * price is whole picodollars. A row with weekdays and
-- minutes holds within these (UTC) and goes before one without; of several the one that began last holds.
CREATE TABLE llm_prices (
    id $IDENTITY,
    provider_id $ID NOT NULL REFERENCES llm_providers (id) ON DELETE CASCADE,
    model_name VARCHAR(100) NOT NULL,
    valid_from $TIME NOT NULL,
    valid_to $TIME, -- exclusive
    weekdays INTEGER CHECK (weekdays BETWEEN 1 AND 127), -- bit 0 is Monday
    from_minute INTEGER CHECK (from_minute BETWEEN 0 AND 1439), -- of the day
    to_minute INTEGER CHECK (to_minute BETWEEN 1 AND 1440), -- exclusive
    input_microusd BIGINT NOT NULL CHECK (input_microusd >= 0),
    cached_input_microusd BIGINT NOT NULL CHECK (cached_input_microusd >= 0),
    output_microusd BIGINT NOT NULL CHECK (output_microusd >= 0),
    CHECK ((weekdays IS NULL) = (from_minute IS NULL) AND (from_minute IS NULL) = (to_minute IS NULL))
);

CREATE INDEX llm_prices_by_model ON llm_prices (provider_id, model_name, valid_from);

CREATE TABLE llm_api_keys (
    id $IDENTITY,
    provider_id $ID NOT NULL REFERENCES llm_providers (id),
    key_name VARCHAR(100) NOT NULL,
    api_key_encrypted TEXT NOT NULL, -- a Fernet token
    last4 VARCHAR(4) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    disabled_reason VARCHAR(50), -- set where the program itself turned the key off
    is_rate_limited BOOLEAN NOT NULL DEFAULT FALSE,
    rate_limit_reset_at $TIME,
    total_requests BIGINT NOT NULL DEFAULT 0,
    total_tokens_used BIGINT NOT NULL DEFAULT 0,
    total_cost_picousd BIGINT NOT NULL DEFAULT 0,
    total_cost_usd FLOAT GENERATED ALWAYS AS (total_cost_picousd / 1e12) STORED,
    last_used_at $TIME,
    last_use_number BIGINT NOT NULL DEFAULT 0, -- of all uses of this provider's keys: the smallest is the least recently used
    last_success_at $TIME,
    last_failure_at $TIME,
    consecutive_failures INTEGER NOT NULL DEFAULT 0,
    daily_request_limit INTEGER CHECK (daily_request_limit >= 0),
    monthly_budget_usd FLOAT CHECK (monthly_budget_usd >= 0),
    minute_number BIGINT NOT NULL DEFAULT 0, -- minutes since the epoch
    minute_requests INTEGER NOT NULL DEFAULT 0, -- in that minute
    day_number BIGINT NOT NULL DEFAULT 0, -- days since the epoch, UTC
    day_requests INTEGER NOT NULL DEFAULT 0,
    month_number BIGINT NOT NULL DEFAULT 0, -- year * 12 + month, UTC
    month_cost_picousd BIGINT NOT NULL DEFAULT 0,
    created_at $TIME NOT NULL,
    UNIQUE (provider_id, key_name)
);

CREATE TABLE llm_usage_logs (
    id $IDENTITY,
    provider_id $ID NOT NULL REFERENCES llm_providers (id),
    api_key_id $ID REFERENCES llm_api_keys (id) ON DELETE SET NULL,
    session_id VARCHAR(36) REFERENCES speech_practice_sessions (id) ON DELETE SET NULL,
    user_id $ID REFERENCES users (id) ON DELETE SET NULL,
    model_used VARCHAR(100) NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    cached_prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    total_tokens INTEGER GENERATED ALWAYS AS (prompt_tokens + completion_tokens) STORED,
    response_time_ms INTEGER NOT NULL,
    success BOOLEAN NOT NULL,
    error_message TEXT, -- the kind of fault and the provider's code for it, nothing of the conversation
    key_rests_until $TIME, -- where the call found the key's limit
    cost_picousd BIGINT NOT NULL,
    estimated_cost_usd FLOAT GENERATED ALWAYS AS (cost_picousd / 1e12) STORED,
    was_fallback BOOLEAN NOT NULL,
    attempt_number INTEGER NOT NULL,
    created_at $TIME NOT NULL -- when the call began
);

CREATE INDEX llm_usage_by_time ON llm_usage_logs (created_at);
CREATE INDEX llm_usage_by_session ON llm_usage_logs (session_id) WHERE session_id IS NOT NULL;

-- 1795348800000 is 2026-11-22T12:00:00Z; prices as listed at that time.
-- Numbered 1 to 4 in this order.
INSERT INTO llm_providers (provider_name, kind, base_url, is_active, priority, needs_key, created_at, updated_at) VALUES
    ('openai', 'openai', 'https://api.openai.com/v1', TRUE, 1, TRUE, $AT(1795348800000), $AT(1795348800000)),
    ('gemini', 'gemini', 'https://generativelanguage.googleapis.com/v1beta', TRUE, 2, TRUE, $AT(1795348800000), $AT(1795348800000)),
    ('deepseek', 'deepseek', 'https://api.deepseek.com', TRUE, 3, TRUE, $AT(1795348800000), $AT(1795348800000)),
    ('local', 'openai_compatible', 'http://localhost:11434/v1', FALSE, 4, FALSE, $AT(1795348800000), $AT(1795348800000));

INSERT INTO llm_models (provider_id, model_name, priority, request_extra) VALUES
    (1, 'gpt-6-luna', 1, '{"reasoning_effort": "none"}'),
    (2, 'gemini-3.5-flash-lite', 1, '{"generationConfig": {"thinkingConfig": {"thinkingLevel": "minimal"}}}'),
    (2, 'gemini-3.8-flash', 2, '{"generationConfig": {"thinkingConfig": {"thinkingLevel": "minimal"}}}'),
    (3, 'deepseek-flash', 1, '{"thinking": {"type": "disabled"}}');

-- 1798761600000 is 2027-01-01T00:00:00Z. Weekdays 31 is Monday to Friday.
INSERT INTO llm_prices (provider_id, model_name, valid_from, valid_to, weekdays, from_minute, to_minute,
                        input_microusd, cached_input_microusd, output_microusd) VALUES
    (1, 'gpt-6-luna', $AT(0), NULL, NULL, NULL, NULL, 100000, 10000, 500000),
    (2, 'gemini-3.5-flash-lite', $AT(0), NULL, NULL, NULL, NULL, 300000, 30000, 2500000),
    (2, 'gemini-3.8-flash', $AT(0), $AT(1798761600000), NULL, NULL, NULL, 750000, 75000, 3750000),
    (2, 'gemini-3.8-flash', $AT(1798761600000), NULL, NULL, NULL, NULL, 1500000, 150000, 7500000),
    (3, 'deepseek-flash', $AT(0), NULL, NULL, NULL, NULL, 150000, 3000, 600000),
    (3, 'deepseek-flash', $AT(0), NULL, 31, 60, 240, 300000, 6000, 1200000),
    (3, 'deepseek-flash', $AT(0), NULL, 31, 360, 600, 300000, 6000, 1200000);
