/** A text field with a list of categories below it, after the ARIA pattern of a combobox with a listbox. */
import { element } from "./dom.js";
import { count, pathLines, pathText } from "./format.js";

const SHOWN = 50;
const PAGE = 8;

export class CategoryCombobox {
  #input;
  #list;
  #status;
  #listeners;
  /** @type {import("./categories.js").Categories | null} */
  #categories = null;
  /** @type {string[][]} */
  #paths = [];
  #active = -1;
  /** @type {string[] | null} */
  #chosen = null;

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list
   * @param {HTMLElement} status says how many categories fit
   * @param {{choose?: (path: string[]) => void, cancel?: () => void}} [listeners]
   */
  constructor(input, list, status, listeners = {}) {
    this.#input = input;
    this.#list = list;
    this.#status = status;
    this.#listeners = listeners;
    input.addEventListener("input", () => {
      this.#chosen = null;
      this.#open();
    });
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    input.addEventListener("click", () => this.#open());
    // the field keeps the focus
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        this.#choose(Number(option.dataset.place));
      }
    });
  }

  /** @param {import("./categories.js").Categories} categories */
  set categories(categories) {
    this.#categories = categories;
  }

  /** @returns {string[] | null} the category that was chosen, null while the text is only typed */
  get value() {
    return this.#chosen;
  }

  clear() {
    this.#input.value = "";
    this.#chosen = null;
    this.#close();
  }

  focus() {
    this.#input.focus();
    this.#open();
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const isOpen = !this.#list.hidden;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
    if (event.key in steps) {
      event.preventDefault();
      if (isOpen) {
        this.#move(steps[event.key]);
      } else {
        this.#open();
      }
    } else if (event.key === "Enter" && isOpen && this.#active >= 0) {
      event.preventDefault();
      this.#choose(this.#active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (isOpen) {
        this.#close();
      } else if (this.#listeners.cancel) {
        this.#listeners.cancel();
      } else {
        this.clear();
      }
    }
  }

  #open() {
    if (this.#categories === null) {
      return;
    }
    const query = this.#chosen === null ? this.#input.value : "";
    const { paths, count: fitting } = this.#categories.search(query, SHOWN);
    this.#paths = paths;
    this.#list.replaceChildren(...paths.map((path, place) => this.#option(path, place)));
    this.#list.hidden = paths.length === 0;
    this.#input.setAttribute("aria-expanded", String(paths.length > 0));
    this.#status.textContent = this.#found(fitting);
    this.#activate(query.trim() === "" ? -1 : Math.min(0, paths.length - 1));
  }

  #found(fitting) {
    if (fitting === 0) {
      return "No category fits.";
    }
    if (fitting > SHOWN) {
      return `${count(fitting)} categories, the first ${SHOWN} are listed: type on to narrow them.`;
    }
    return fitting === 1 ? "1 category." : `${fitting} categories.`;
  }

  #option(path, place) {
    const option = element("li", { role: "option", id: `${this.#list.id}-${place}`, "aria-selected": "false" }, pathLines(path));
    option.dataset.place = String(place);
    return option;
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    this.#status.textContent = "";
    this.#active = -1;
  }

  #move(step) {
    const last = this.#paths.length - 1;
    const next = this.#active + step;
    if (Math.abs(step) === 1) {
      this.#activate(next > last ? 0 : next < 0 ? last : next);
    } else {
      this.#activate(Math.min(last, Math.max(0, next)));
    }
  }

  #activate(place) {
    this.#list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = place;
    const option = this.#list.children[place];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.#input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.#input.removeAttribute("aria-activedescendant");
    }
  }

  #choose(place) {
    this.#chosen = this.#paths[place];
    this.#input.value = pathText(this.#chosen);
    this.#close();
    this.#listeners.choose?.(this.#chosen);
  }
}
