// A language model's server as far as a test of a key goes: it knows one key, and answers in the form of OpenAI's API.
import { createServer } from "node:http";

// { url, stop() }.
export async function startLanguageModel(goodKey) {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      const isKnown = request.headers.authorization === `Bearer ${goodKey}`;
      response.writeHead(isKnown ? 200 : 401, { "Content-Type": "application/json" });
      const answer = { choices: [{ index: 0, message: { role: "assistant", content: "{}" }, finish_reason: "stop" }], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } };
      response.end(JSON.stringify(isKnown ? answer : { error: { message: "no such key", code: "invalid_api_key" } }));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, stop: () => new Promise((resolve) => server.close(resolve)) };
}
