/** Single keys of the review. They can be turned off, for those whose speech or hand would hit them unawares (WCAG 2.1.4). */
import { byId, element } from "./dom.js";
import { Kept } from "./storage.js";

/** What the keys do, in the order of the list; the first key of each is the one that buttons show. */
const KEYS = [
  { keys: ["a"], says: "Accept what the model says", does: "accept" },
  { keys: ["1", "2", "3", "4", "5"], says: "Choose that candidate", does: "choose" },
  { keys: ["c", "/"], says: "Look for another category", does: "search" },
  { keys: ["s"], says: "Skip: leave it for later", does: "skip" },
  { keys: ["u"], says: "Back to the product before", does: "back" },
  { keys: ["w"], says: "Why: which words carried it", does: "why" },
  { keys: ["?"], says: "Show these keys", does: "help" },
];

export class ReviewKeys {
  #kept = new Kept("localStorage", "single-keys");
  #dialog = byId("keys-dialog");

  /**
   * @param {(name: string, key: string) => void} act
   * @param {() => boolean} isWanted whether the review is in front
   */
  constructor(act, isWanted) {
    const isOn = byId("keys-on");
    isOn.checked = this.#kept.read() !== "off";
    isOn.addEventListener("change", () => this.#kept.write(isOn.checked ? null : "off"));
    for (const { keys, says } of KEYS) {
      const shown = keys.length === 5 ? ["1", "–", "5"] : keys;
      const term = element("dt", {}, ...shown.flatMap((key) => (key === "–" ? [" – "] : [element("kbd", { text: key }), " "])));
      byId("keys-list").append(term, element("dd", { text: says }));
    }
    byId("review-keys").addEventListener("click", () => this.open());
    byId("keys-close").addEventListener("click", () => this.#dialog.close());
    document.addEventListener("keydown", (event) => {
      if (!isOn.checked || !isWanted() || isForSomethingElse(event)) {
        return;
      }
      const found = KEYS.find(({ keys }) => keys.includes(event.key));
      if (found) {
        event.preventDefault();
        act(found.does, event.key);
      }
    });
  }

  open() {
    this.#dialog.showModal();
  }
}

function isForSomethingElse(event) {
  return (
    event.repeat ||
    event.isComposing ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.target.closest("input, textarea, select, dialog") !== null ||
    document.querySelector("dialog[open]") !== null
  );
}
