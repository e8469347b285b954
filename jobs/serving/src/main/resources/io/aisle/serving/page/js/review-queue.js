/** The rows that wait for a person, page by page, and what was said of them here. */

const PAGE_ROWS = 20;
const FETCH_AHEAD = 5;

/** @typedef {{kind: "said", path: string[]} | {kind: "skipped"}} Word */

export class ReviewQueue {
  #api;
  #rows = [];
  #at = 0;
  #runId = "";
  /** @type {number | null} */
  #next = 0;
  #total = 0;
  /** how many of the run were reviewed by others, or before this page was loaded */
  #before = 0;
  /** @type {Map<string, Word>} by id of the product */
  #words = new Map();
  /** ids of what was said of this run here */
  #said = new Set();
  /** @type {Promise<void> | null} */
  #loading = null;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** Asks for the first rows. */
  async start() {
    this.#rows = [];
    this.#at = 0;
    this.#runId = "";
    this.#next = 0;
    this.#words.clear();
    this.#said.clear();
    await this.resume();
  }

  get runId() {
    return this.#runId;
  }

  get total() {
    return this.#total;
  }

  get reviewed() {
    return Math.min(this.#total, this.#before + this.#said.size);
  }

  get skipped() {
    return [...this.#words.values()].filter((word) => word.kind === "skipped").length;
  }

  /** @returns {object | null} null at the end */
  get current() {
    return this.#rows[this.#at] ?? null;
  }

  get hasBack() {
    return this.#at > 0;
  }

  /** @returns {Word | undefined} */
  word(id) {
    return this.#words.get(id);
  }

  /** @param {string[]} path where the current product belongs */
  say(path) {
    this.#words.set(this.current.id, { kind: "said", path });
    this.#said.add(this.current.id);
  }

  /** Leaves the current product for later; what was said of it stays. */
  skip() {
    if (!this.#words.has(this.current.id)) {
      this.#words.set(this.current.id, { kind: "skipped" });
    }
  }

  /** To the next row of which nothing was said yet. */
  async advance() {
    do {
      this.#at += 1;
    } while (this.current !== null && this.#words.has(this.current.id));
    await this.resume();
  }

  back() {
    this.#at = Math.max(0, this.#at - 1);
  }

  /** To the first row that was skipped, and from there through the others. */
  againSkipped() {
    const first = this.#rows.findIndex((row) => this.#words.get(row.id)?.kind === "skipped");
    for (const [id, word] of this.#words) {
      if (word.kind === "skipped") {
        this.#words.delete(id);
      }
    }
    this.#at = first < 0 ? this.#at : first;
  }

  /** Loads until there is a current row, or no more; and some ahead, without waiting for them. */
  async resume() {
    while (this.current === null && this.#next !== null) {
      await this.#load();
    }
    if (this.#next !== null && this.#rows.length - this.#at <= FETCH_AHEAD) {
      // where it fails, it fails again when it is needed, and is shown then
      this.#load().catch(() => {});
    }
  }

  #load() {
    this.#loading ??= this.#fetch().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #fetch() {
    const query = new URLSearchParams({ limit: String(PAGE_ROWS), after: String(this.#next) });
    if (this.#runId !== "") {
      query.set("run_id", this.#runId);
    }
    const saidBefore = this.#said.size;
    const page = await this.#api.get(`v1/review?${query}`);
    if (page.run_id !== this.#runId) {
      // a newer run takes the place of the rows to come
      this.#runId = page.run_id;
      this.#rows.length = Math.min(this.#rows.length, this.#at + 1);
      this.#said.clear();
    }
    const known = new Set(this.#rows.map((row) => row.id));
    this.#rows.push(...page.rows.filter((row) => !known.has(row.id)));
    this.#next = page.next;
    this.#total = page.total;
    this.#before = Math.max(0, page.corrected - Math.min(saidBefore, this.#said.size));
  }
}
