/** Keeps what a person said until the service has stored it: sends in order, waits and tries again, survives a reload of the page. */
import { uuid } from "./dom.js";
import { Kept } from "./storage.js";

const LONGEST_WAIT_SECONDS = 30;
/** A word that fails more often with the service's own error is set aside, so that those behind it go on. */
const MOST_FAILURES = 5;

/**
 * @typedef {object} Entry
 * @property {string} key the `Idempotency-Key` of all its tries
 * @property {object} correction
 * @property {number} failures
 */
export class Outbox extends EventTarget {
  #corrections;
  #kept = new Kept("sessionStorage", "outbox");
  /** @type {Entry[]} */
  #entries = [];
  /** @type {{entry: Entry, problem: import("./api.js").Problem}[]} */
  #refused = [];
  /** @type {{kind: "idle" | "sending" | "waiting" | "held", problem?: import("./api.js").Problem, until?: number}} */
  #state = { kind: "idle" };
  #timer = 0;

  /** @param {import("./corrections.js").Corrections} corrections */
  constructor(corrections) {
    super();
    this.#corrections = corrections;
    try {
      this.#entries = JSON.parse(this.#kept.read() ?? "[]");
    } catch {
      this.#kept.write(null);
    }
    window.addEventListener("online", () => this.sendNow());
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent > 0) {
        event.preventDefault();
      }
    });
  }

  get state() {
    return this.#state;
  }

  get refused() {
    return this.#refused;
  }

  get unsent() {
    return this.#entries.length + this.#refused.length;
  }

  /** @param {object} correction */
  add(correction) {
    // a later word on the same product takes the place of one that was refused
    this.#refused = this.#refused.filter((refused) => refused.entry.correction.id !== correction.id);
    this.#entries.push({ key: uuid(), correction, failures: 0 });
    this.#keep();
    this.#send();
  }

  /** Ends a wait. */
  sendNow() {
    if (this.#state.kind !== "sending") {
      clearTimeout(this.#timer);
      this.#state = { kind: "idle" };
      this.#send();
    }
  }

  /** Sends again what was refused, as a new request. */
  retry(refused) {
    this.drop(refused);
    this.add(refused.entry.correction);
  }

  drop(refused) {
    this.#refused = this.#refused.filter((other) => other !== refused);
    this.#keep();
    this.#changed();
  }

  async #send() {
    if (this.#state.kind !== "idle" || this.#entries.length === 0) {
      this.#changed();
      return;
    }
    const entry = this.#entries[0];
    this.#state = { kind: "sending" };
    this.#changed();
    try {
      await this.#corrections.store(entry.correction, entry.key);
      this.#entries.shift();
      this.#state = { kind: "idle" };
    } catch (problem) {
      this.#failed(entry, problem);
    }
    this.#keep();
    this.#send();
  }

  #failed(entry, problem) {
    entry.failures += 1;
    if ([401, 403, 404].includes(problem.status)) {
      this.#state = { kind: "held", problem };
    } else if (problem.passes && !(problem.status === 500 && entry.failures >= MOST_FAILURES)) {
      const seconds = problem.retryAfter ?? Math.min(LONGEST_WAIT_SECONDS, 2 ** (entry.failures - 1));
      this.#state = { kind: "waiting", problem, until: Date.now() + seconds * 1000 };
      this.#timer = setTimeout(() => this.sendNow(), seconds * 1000);
    } else {
      this.#entries.shift();
      this.#refused.push({ entry, problem });
      this.#state = { kind: "idle" };
    }
  }

  #keep() {
    const unsent = [...this.#refused.map((refused) => refused.entry), ...this.#entries];
    this.#kept.write(unsent.length === 0 ? null : JSON.stringify(unsent));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
