"""What OpenAI, Gemini and DeepSeek send and expect, as their references say: requests checked, answers and errors made."""

import json


class Refused(Exception):
    """A request the provider would answer with 400."""


def _need(condition: bool, what: str) -> None:
    if not condition:
        raise Refused(what)


def _check_strict(schema: dict) -> None:
    """Strict structured output takes only schemas whose objects require every property and allow no other."""
    if schema.get("type") == "object":
        _need(sorted(schema.get("required", [])) == sorted(schema["properties"]), "every property must be required")
        _need(schema.get("additionalProperties") is False, "additionalProperties must be false")
    for part in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
        _check_strict(part)


class OpenAi:
    """POST {base}/chat/completions."""

    name = "openai"
    path = "/chat/completions"

    def key_of(self, headers: dict) -> str:
        return headers.get("authorization", "").removeprefix("Bearer ")

    def check(self, path: str, body: dict) -> None:
        _need(path.endswith(self.path), "no such path")
        _need(body.get("stream") is True and body["stream_options"] == {"include_usage": True}, "a stream with usage is expected")
        _need(all(m["role"] in ("system", "user", "assistant") and isinstance(m["content"], str) for m in body["messages"]), "messages")
        self.check_dialect(body)

    def check_dialect(self, body: dict) -> None:
        _need("max_tokens" not in body and body["max_completion_tokens"] > 0, "max_tokens is not supported with this model")
        _need("temperature" not in body or body.get("reasoning_effort") == "none", "temperature needs reasoning_effort none")
        if form := body.get("response_format"):
            _need(form["type"] == "json_schema" and form["json_schema"]["strict"] is True, "strict json_schema")
            _check_strict(form["json_schema"]["schema"])

    def text_event(self, text: str) -> dict:
        return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}], "usage": None}

    def end_events(self, reason: str, prompt: int, cached: int, completion: int) -> list:
        return [
            {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": reason}], "usage": None},
            {"object": "chat.completion.chunk", "choices": [], "usage": self.usage(prompt, cached, completion)},
            "[DONE]",
        ]

    def usage(self, prompt: int, cached: int, completion: int) -> dict:
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        }

    def refusal_events(self) -> list:
        return [{"choices": [{"index": 0, "delta": {"refusal": "I cannot help with that."}, "finish_reason": None}]}, "[DONE]"]

    def error(self, status: int, code: str, kind: str, message: str = "See the documentation.") -> dict:
        return {"error": {"message": message, "type": kind, "param": None, "code": code}}

    def errors(self) -> dict:
        """Name -> (status, headers, body)."""
        limited = self.error(429, "rate_limit_exceeded", "requests")
        return {
            "401": (401, {}, self.error(401, "invalid_api_key", "invalid_request_error")),
            "402": (402, {}, self.error(402, "billing", "insufficient_quota")),
            "403": (403, {}, self.error(403, "unsupported_country_region_territory", "request_forbidden")),
            "404": (404, {}, self.error(404, "model_not_found", "invalid_request_error")),
            "429 bare": (429, {}, limited),
            "429 retry-after": (429, {"Retry-After": "2"}, limited),
            "429 reset headers": (
                429,
                {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s", "x-ratelimit-reset-tokens": "6ms"},
                limited,
            ),
            "429 in the message": (429, {}, self.error(429, "rate_limit_exceeded", "tokens", "Please try again in 1.5s. Visit us.")),
            "429 no credit": (429, {}, self.error(429, "insufficient_quota", "insufficient_quota")),
            "500": (500, {}, self.error(500, "server_error", "server_error")),
            "503": (503, {}, self.error(503, "overloaded", "server_error")),
        }


class Compatible(OpenAi):
    """Ollama, vLLM, llama.cpp: OpenAI's form before `max_completion_tokens`."""

    name = "openai_compatible"

    def check_dialect(self, body: dict) -> None:
        _need(body.get("max_tokens", 0) > 0, "max_tokens")


class DeepSeek(OpenAi):
    """OpenAI's form, no schema, thinking on unless told otherwise, keep-alive comments while queued."""

    name = "deepseek"

    def check_dialect(self, body: dict) -> None:
        _need(body.get("max_tokens", 0) > 0, "max_tokens")
        _need(body.get("thinking") == {"type": "disabled"}, "a thinking model takes no temperature")
        if form := body.get("response_format"):
            _need(form == {"type": "json_object"}, "This response_format type is unavailable now")
            _need(any("json" in m["content"].lower() for m in body["messages"]), "Prompt must contain the word 'json'")

    def usage(self, prompt: int, cached: int, completion: int) -> dict:
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_cache_hit_tokens": cached,
            "prompt_cache_miss_tokens": prompt - cached,
        }

    def errors(self) -> dict:
        return super().errors() | {"402": (402, {}, self.error(402, "invalid_request_error", "unknown_error", "Insufficient Balance"))}


class Gemini:
    """POST {base}/models/{model}:streamGenerateContent?alt=sse."""

    name = "gemini"

    def key_of(self, headers: dict) -> str:
        return headers.get("x-goog-api-key", "")

    def check(self, path: str, body: dict) -> None:
        _need(path.endswith(":streamGenerateContent?alt=sse"), "no such path")
        _need(all(c["role"] in ("user", "model") and c["parts"][0]["text"] for c in body["contents"]), "contents")
        generation = body["generationConfig"]
        _need(generation["maxOutputTokens"] > 0 and generation["thinkingConfig"] == {"thinkingLevel": "minimal"}, "Thinking budget is not supported for this model")
        if schema := generation.get("responseSchema"):
            _need(generation["responseMimeType"] == "application/json", "responseMimeType")
            _need("additionalProperties" not in json.dumps(schema), 'Unknown name "additionalProperties"')
            _need(schema["propertyOrdering"] == list(schema["properties"]), "propertyOrdering")

    def text_event(self, text: str) -> dict:
        return {"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}]}

    def end_events(self, reason: str, prompt: int, cached: int, completion: int) -> list:
        finish = {"stop": "STOP", "length": "MAX_TOKENS"}[reason]
        usage = {
            "promptTokenCount": prompt,
            "cachedContentTokenCount": cached,
            "candidatesTokenCount": completion - 3,
            "thoughtsTokenCount": 3,
            "totalTokenCount": prompt + completion,
        }
        return [{"candidates": [{"content": {"parts": [{"text": ""}]}, "finishReason": finish, "index": 0}], "usageMetadata": usage}]

    def refusal_events(self) -> list:
        return [{"promptFeedback": {"blockReason": "SAFETY"}}]

    def error(self, status: int, word: str, details: list | None = None) -> dict:
        return {"error": {"code": status, "message": "See the documentation.", "status": word, "details": details or []}}

    def errors(self) -> dict:
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
        retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "45.837906927s"}

        def quota(quota_id: str) -> dict:
            return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota_id}]}

        minute, day = "GenerateRequestsPerMinutePerProjectPerModel", "GenerateRequestsPerDayPerProjectPerModel"
        return {
            "400 bad key": (400, {}, self.error(400, "INVALID_ARGUMENT", [info])),
            "401": (401, {}, self.error(401, "UNAUTHENTICATED")),
            "402": (402, {}, self.error(402, "RESOURCE_EXHAUSTED")),
            "403": (403, {}, self.error(403, "PERMISSION_DENIED")),
            "404": (404, {}, self.error(404, "NOT_FOUND")),
            "429 bare": (429, {}, self.error(429, "RESOURCE_EXHAUSTED")),
            "429 a minute": (429, {}, self.error(429, "RESOURCE_EXHAUSTED", [quota(minute), retry])),
            "429 a day": (429, {}, self.error(429, "RESOURCE_EXHAUSTED", [quota(day), retry])),
            "500": (500, {}, self.error(500, "INTERNAL")),
            "503": (503, {}, self.error(503, "UNAVAILABLE")),
        }


WIRES = {wire.name: wire for wire in (OpenAi(), Gemini(), DeepSeek(), Compatible())}
