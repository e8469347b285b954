/** Web storage that may be forbidden or full: what cannot be kept is only forgotten sooner. */
export class Kept {
  #storage;
  #name;

  /**
   * @param {"localStorage" | "sessionStorage"} storage
   * @param {string} name
   */
  constructor(storage, name) {
    this.#storage = storage;
    this.#name = `aisle.${name}`;
  }

  /** @returns {string | null} */
  read() {
    try {
      return window[this.#storage].getItem(this.#name);
    } catch {
      return null;
    }
  }

  /** @param {string | null} value null removes it */
  write(value) {
    try {
      if (value === null) {
        window[this.#storage].removeItem(this.#name);
      } else {
        window[this.#storage].setItem(this.#name, value);
      }
    } catch {
      // it lives until the page is left
    }
  }
}
