// What a tool's page needs to work inside Aurion. See /developers.

/** An action that was refused: code and status are Aurion's, message is for people. */
export class AurionError extends Error {
  constructor(status, body) {
    super(body?.message ?? body?.error ?? "Aurion cannot be reached.");
    Object.assign(this, { status, code: body?.code ?? "UNREACHABLE", body });
  }
}

/**
 * Waits for the session that Aurion gives, has Aurion confirm it, and resolves with it.
 * @param {string} web Aurion's origin. @param {string} tool This tool's id. @param {(s: {lang, theme, width, height}) => void} surround
 */
export function connect(web, tool, surround = () => {}) {
  return new Promise((resolve, reject) => {
    let taken = false;
    const ask = () => parent.postMessage({ type: "aurion:ready" }, web);
    const again = setInterval(ask, 400);
    addEventListener("message", async ({ origin, source, data }) => {
      if (origin !== web || source !== parent) return;
      if (data?.type === "aurion:surroundings") surround(data);
      if (data?.type !== "aurion:session" || data.toolId !== tool || taken) return;
      taken = true;
      clearInterval(again);
      surround(data);
      try {
        const known = await post(`${web}/api/validate-tool-session`, { sessionToken: data.sessionToken, toolId: tool });
        resolve(new Session(web, tool, data, await known.json()));
      } catch (error) {
        reject(error);
      }
    });
    ask();
  });
}

class Session {
  constructor(web, tool, { sessionToken, workId, lang }, { sessionId, expiresAt, calls, credits, plan }) {
    Object.assign(this, { web, tool, id: sessionId, workId, lang, calls, credits, plan, expiresAt: new Date(expiresAt) });
    this.send = fields => post(`${web}/api/tools/actions`, { toolId: tool, ...fields }, sessionToken);
  }

  /** Any action of the protocol: await session.act("load", { workId }). */
  async act(action, fields) {
    return (await this.send({ action, ...fields })).json();
  }

  /**
   * Asks the model; resolves with {runId, state, text, toolCalls, credits, refunded}. When the launch's calls are used up it is refused with
   * BUDGET_SPENT and body.price: ask the person, then call again with agreedCredits.
   */
  async call({ id = crypto.randomUUID(), purpose, messages, tools, repairs, agreedCredits, onText }) {
    const answer = await this.send({ action: "model", stream: true, runId: id, purpose, messages, tools, repairs, agreedCredits });
    let text = "";
    for await (const { event, data } of events(answer.body)) {
      if (event === "delta") onText?.((text += data.text));
      if (event !== "end") continue;
      this.calls = data.calls ?? this.calls;
      return data;
    }
    throw new AurionError(0);
  }

  /** Tells Aurion's page that this session is over. */
  ended() {
    parent.postMessage({ type: "aurion:ended" }, this.web);
  }
}

async function post(url, body, bearer) {
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" }).catch(() => null);
  if (answer?.ok) return answer;
  throw new AurionError(answer?.status ?? 0, await answer?.json().catch(() => null));
}

async function* events(body) {
  let rest = "";
  for await (const chunk of read(body.pipeThrough(new TextDecoderStream()))) {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const line = name => part.split("\n").find(l => l.startsWith(name))?.slice(name.length).trim();
      const data = line("data:");
      if (data) yield { event: line("event:"), data: JSON.parse(data) };
    }
  }
}

// Not every browser can iterate a stream.
async function* read(stream) {
  const reader = stream.getReader();
  for (let piece; !(piece = await reader.read()).done;) yield piece.value;
}
