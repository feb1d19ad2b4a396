// The OpenRouter stand-in, judged by the clients that people point at OpenRouter: the official openai package and OpenRouter's AI SDK provider.
// Usage: OPENROUTER_API_BASE=http://127.0.0.1:4000 OPENROUTER_API_KEY=… node judge.mjs
import assert from "node:assert/strict";
import OpenAI from "openai";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { APICallError, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";

const baseURL = process.env.OPENROUTER_API_BASE + "/api/v1";
const apiKey = process.env.OPENROUTER_API_KEY;
const openai = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const openrouter = createOpenRouter({ baseURL, apiKey });
const model = "openai/gpt-4o-mini";
const ask = content => ({ model, messages: [{ role: "user", content }] });
let failed = 0;

async function check(name, body) {
  try {
    await body();
    console.log("ok   " + name);
  } catch (fault) {
    failed++;
    console.log(`FAIL ${name}\n${fault.stack}`);
  }
}

await check("openai: a plain answer with usage and cost", async () => {
  const { data, response } = await openai.chat.completions.create(ask("17 * 3")).withResponse();
  assert.equal(data.choices[0].message.content, "17 * 3 = 51");
  assert.equal(data.choices[0].finish_reason, "stop");
  assert.ok(data.usage.total_tokens === data.usage.prompt_tokens + data.usage.completion_tokens && data.usage.cost > 0);
  assert.equal(response.headers.get("x-generation-id"), data.id);
});

await check("openai: a stream passes over comments and ends with usage, once", async () => {
  const chunks = [];
  for await (const chunk of await openai.chat.completions.create({ ...ask("Write a python function"), stream: true })) chunks.push(chunk);
  assert.equal(chunks.filter(chunk => chunk.usage).length, 1);
  assert.ok(chunks.at(-1).usage.cost > 0);
  assert.match(chunks.map(chunk => chunk.choices[0]?.delta.content ?? "").join(""), /def total/);
});

await check("openai: its own helper assembles the stream", async () => {
  const final = await openai.chat.completions.stream(ask("Bonjour !")).finalChatCompletion();
  assert.match(final.choices[0].message.content, /modèle de langue/);
});

for (const [word, kind] of [["401", OpenAI.AuthenticationError], ["402", OpenAI.APIError], ["403", OpenAI.PermissionDeniedError],
  ["429", OpenAI.RateLimitError], ["500", OpenAI.InternalServerError], ["529", OpenAI.InternalServerError]])
  await check(`openai: ${word} is ${kind.name}`, async () => {
    await assert.rejects(openai.chat.completions.create(ask("Hello fail:" + word)), fault => fault instanceof kind && fault.status === Number(word) && fault.error.code === Number(word));
  });

await check("openai: an error inside a stream is thrown", async () => {
  let text = "";
  await assert.rejects(async () => {
    for await (const chunk of await openai.chat.completions.create({ ...ask("Write a python function fail:after:3"), stream: true }))
      text += chunk.choices[0]?.delta.content ?? "";
  });
  assert.ok(text.length > 0);
});

await check("openai: retries after 503 and is served", async () => {
  const patient = new OpenAI({ baseURL, apiKey, maxRetries: 2 });
  assert.ok((await patient.chat.completions.create(ask("Hello fail:once:503"))).choices[0].message.content);
});

await check("openai: the list of models", async () => {
  const models = [];
  for await (const one of openai.models.list()) models.push(one);
  assert.ok(models.length > 3 && models.every(one => typeof one.pricing.prompt === "string" && one.context_length > 0));
});

await check("openrouter provider: a plain answer with OpenRouter's own usage", async () => {
  const { text, usage, providerMetadata } = await generateText({ model: openrouter.chat(model), prompt: "17 * 3" });
  assert.equal(text, "17 * 3 = 51");
  assert.ok(usage.outputTokens > 0);
  assert.ok(providerMetadata.openrouter.usage.cost > 0);
});

await check("openrouter provider: a stream", async () => {
  const result = streamText({ model: openrouter.chat(model), prompt: "Write a sql function" });
  let text = "";
  for await (const part of result.textStream) text += part;
  assert.match(text, /SELECT customer_id/);
  assert.ok((await result.providerMetadata).openrouter.usage.cost > 0);
});

await check("openrouter provider: an error keeps status and body", async () => {
  await assert.rejects(generateText({ model: openrouter.chat(model), prompt: "fail:402", maxRetries: 0 }), fault => APICallError.isInstance(fault) && fault.statusCode === 402);
});

const weather = { type: "function", function: { name: "get_weather", description: "The weather of a town", parameters: { type: "object", properties: { town: { type: "string" } }, required: ["town"] } } };

await check("openai: its helper assembles a streamed call of a function, and its result is answered", async () => {
  const first = await openai.chat.completions.stream({ ...ask("weather: Lyon"), tools: [weather] }).finalChatCompletion();
  const { message, finish_reason } = first.choices[0];
  assert.equal(finish_reason, "tool_calls");
  assert.equal(message.content || null, null);
  assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { town: "Lyon" });
  const result = { role: "tool", tool_call_id: message.tool_calls[0].id, content: "12 degrees" };
  const second = await openai.chat.completions.create({ model, tools: [weather], messages: [{ role: "user", content: "weather: Lyon" }, message, result] });
  assert.match(second.choices[0].message.content, /12 degrees/);
});

await check("openai: results that answer no call, and calls without a result, are refused", async () => {
  const call = { id: "call_1", type: "function", function: { name: "get_weather", arguments: "{}" } };
  for (const messages of [
    [{ role: "user", content: "Hello" }, { role: "tool", tool_call_id: "call_2", content: "12" }],
    [{ role: "user", content: "Hello" }, { role: "assistant", content: null, tool_calls: [call] }, { role: "user", content: "And?" }],
    [{ role: "user", content: "Hello" }, { role: "assistant", content: null, tool_calls: [call] }],
    [{ role: "user", content: "Hello" }, { role: "assistant", content: null }],
  ]) await assert.rejects(openai.chat.completions.create({ model, messages, tools: [weather] }), OpenAI.BadRequestError);
  await assert.rejects(openai.chat.completions.create({ ...ask("Hello"), tools: [{ type: "function", function: { name: "has space" } }] }), OpenAI.BadRequestError);
});

await check("openrouter provider: a whole round of a function, streamed", async () => {
  const asked = [];
  const result = streamText({
    model: openrouter.chat(model), prompt: "weather: Lyon", stopWhen: stepCountIs(3),
    tools: { get_weather: tool({ description: "The weather of a town", inputSchema: jsonSchema(weather.function.parameters), execute: async ({ town }) => { asked.push(town); return `12 degrees in ${town}`; } }) },
  });
  assert.match(await result.text, /12 degrees in Lyon/);
  assert.deepEqual(asked, ["Lyon"]);
});

process.exit(failed ? 1 : 0);
