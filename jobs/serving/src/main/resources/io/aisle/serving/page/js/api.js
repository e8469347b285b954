/** Requests to the service: the key goes with each, an answer that is no success is a {@link Problem}. */

const TIMEOUT_MILLISECONDS = 60_000;

/** What went wrong, as RFC 9457 says it. Status 0: there was no answer. */
export class Problem extends Error {
  /**
   * @param {{status: number, title?: string, detail: string, request_id?: string, errors?: {pointer: string, detail: string}[]}} body
   * @param {number | null} [retryAfter] seconds
   */
  constructor(body, retryAfter = null) {
    super(body.detail);
    this.name = "Problem";
    this.status = body.status;
    this.title = body.title ?? "";
    this.detail = body.detail;
    this.requestId = body.request_id ?? "";
    this.errors = body.errors ?? [];
    this.retryAfter = retryAfter;
  }

  static unreachable() {
    return new Problem({ status: 0, detail: "The service did not answer. Is it running, and is this machine connected?" });
  }

  /**
   * @param {number} status
   * @param {string} text the body
   * @param {(name: string) => string | null} header
   */
  static of(status, text, header) {
    const seconds = Number.parseInt(header("Retry-After") ?? "", 10);
    const retryAfter = Number.isNaN(seconds) ? null : seconds;
    let body = {};
    try {
      body = JSON.parse(text);
    } catch {
      // a proxy's page, or nothing
    }
    if (typeof body?.detail !== "string") {
      body = { title: "", detail: `The service answered with status ${status}.`, request_id: header("X-Request-Id") ?? "" };
    }
    return new Problem({ ...body, status }, retryAfter);
  }

  /** Whether the same request may succeed later as it is. */
  get passes() {
    return [0, 408, 429, 500, 502, 503, 504].includes(this.status);
  }
}

export class Api {
  #key;

  /** @param {import("./key.js").Key} key */
  constructor(key) {
    this.#key = key;
  }

  /** @param {string} path @param {{signal?: AbortSignal}} [options] */
  get(path, options = {}) {
    return this.#send(path, { method: "GET", headers: {} }, options.signal);
  }

  /**
   * @param {string} path
   * @param {object} body sent as JSON
   * @param {{signal?: AbortSignal, headers?: Record<string, string>}} [options]
   */
  post(path, body, options = {}) {
    const headers = { "Content-Type": "application/json", ...options.headers };
    return this.#send(path, { method: "POST", headers, body: JSON.stringify(body) }, options.signal);
  }

  async #send(path, request, signal) {
    for (;;) {
      const key = this.#key.value;
      const response = await answer(path, { ...request, headers: withKey(request.headers, key) }, signal);
      if (response.status < 300) {
        return parsed(response.text);
      }
      const problem = Problem.of(response.status, response.text, (name) => response.headers.get(name));
      if (problem.status !== 401 || !(await this.#key.ask(problem, key))) {
        throw problem;
      }
    }
  }
}

/** @param {Record<string, string>} headers @param {string | null} key */
export function withKey(headers, key) {
  return key === null ? headers : { ...headers, Authorization: `Bearer ${key}` };
}

async function answer(path, request, signal) {
  const limit = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  try {
    const response = await fetch(path, { ...request, cache: "no-store", signal: signal ? AbortSignal.any([signal, limit]) : limit });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (failure) {
    if (signal?.aborted) {
      throw failure;
    }
    throw Problem.unreachable();
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem({ status: 0, detail: "The service's answer broke off." });
  }
}
