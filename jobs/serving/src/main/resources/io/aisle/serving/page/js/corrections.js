/** How many corrections are stored, wherever the page says so. */
import { counted } from "./format.js";

export class Corrections {
  #api;
  #isKnown = false;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** Asks how many there are, unless that is known. Throws a problem where the service stores none. */
  async load() {
    if (!this.#isKnown) {
      const counts = await this.#api.get("v1/feedback");
      this.show(counts.total);
    }
  }

  /** @param {number} total as the service says it */
  show(total) {
    this.#isKnown = true;
    for (const place of document.querySelectorAll("[data-corrections]")) {
      place.textContent = `${counted(total, "correction")} stored`;
      place.dataset.corrections = String(total);
    }
  }

  /**
   * Sends one correction.
   *
   * @param {object} correction
   * @param {string} key the same for each try of the same correction
   */
  async store(correction, key) {
    const stored = await this.#api.post("v1/feedback", { corrections: [correction] }, { headers: { "Idempotency-Key": key } });
    this.show(stored.total);
    return stored;
  }
}
