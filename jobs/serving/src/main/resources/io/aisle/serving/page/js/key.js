/** The API key: asked for when a request wants one, kept in this tab alone. */
import { byId } from "./dom.js";
import { clearFieldErrors, showFieldError } from "./problem.js";
import { Kept } from "./storage.js";

export class Key extends EventTarget {
  #kept = new Kept("sessionStorage", "key");
  #value = this.#kept.read();
  #dialog = byId("key-dialog");
  #form = byId("key-form");
  #input = byId("key-input");
  /** @type {Promise<boolean> | null} of the dialog that is open */
  #asking = null;

  constructor() {
    super();
    const forget = byId("forget-key");
    forget.hidden = this.#value === null;
    forget.addEventListener("click", () => this.#set(null));
    this.addEventListener("change", () => {
      forget.hidden = this.#value === null;
    });
    byId("key-cancel").addEventListener("click", () => this.#dialog.close());
  }

  /** @returns {string | null} */
  get value() {
    return this.#value;
  }

  /**
   * Asks for a key, unless there is another by now than the request had.
   *
   * @param {import("./api.js").Problem} problem why
   * @param {string | null} used the key of the request
   * @returns {Promise<boolean>} whether to send the request again
   */
  ask(problem, used) {
    if (this.#value !== used) {
      return Promise.resolve(true);
    }
    this.#asking ??= this.#open(problem, used !== null).finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  #open(problem, isRefused) {
    byId("key-reason").textContent = isRefused ? problem.detail : "This service wants an API key.";
    this.#input.value = "";
    clearFieldErrors(this.#form);
    this.#dialog.showModal();
    return new Promise((resolve) => {
      let given = false;
      const submit = (event) => {
        event.preventDefault();
        clearFieldErrors(this.#form);
        const key = this.#input.value.trim();
        if (!/^[\x21-\x7e]+$/.test(key)) {
          showFieldError(this.#form, "key", key === "" ? "Enter a key." : "A key is letters, digits and signs, without spaces.");
          this.#input.focus();
          return;
        }
        given = true;
        this.#set(key);
        this.#dialog.close();
      };
      this.#form.addEventListener("submit", submit);
      this.#dialog.addEventListener(
        "close",
        () => {
          this.#form.removeEventListener("submit", submit);
          this.#input.value = "";
          resolve(given);
        },
        { once: true },
      );
    });
  }

  #set(key) {
    this.#value = key;
    this.#kept.write(key);
    this.dispatchEvent(new Event("change"));
  }
}
