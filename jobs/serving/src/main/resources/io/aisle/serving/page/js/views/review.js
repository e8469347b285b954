/** What the nightly run set aside for a person, one product at a time. */
import { Categories } from "../categories.js";
import { CategoryCombobox } from "../combobox.js";
import { byId, element } from "../dom.js";
import { explanationParts } from "../explanation.js";
import { count, counted, pathText, samePath } from "../format.js";
import { outboxNotices } from "../outbox-notice.js";
import { notice, showProblem } from "../problem.js";
import { numbered, productName, reviewCard } from "../review-card.js";
import { ReviewKeys } from "../review-keys.js";
import { ReviewQueue } from "../review-queue.js";

const LONGEST_WAIT_SECONDS = 30;

export class ReviewView {
  #api;
  #model;
  #corrections;
  #outbox;
  #queue;
  #keys;
  #isShown = false;
  #isStarted = false;
  #isBusy = false;
  #hasFailed = false;
  #failures = 0;
  #timer = 0;

  /**
   * @param {import("../api.js").Api} api
   * @param {import("../model-source.js").ModelSource} model
   * @param {import("../corrections.js").Corrections} corrections
   * @param {import("../outbox.js").Outbox} outbox
   */
  constructor(api, model, corrections, outbox) {
    this.#api = api;
    this.#model = model;
    this.#corrections = corrections;
    this.#outbox = outbox;
    this.#queue = new ReviewQueue(api);
    this.#keys = new ReviewKeys(
      (name, key) => this.#act(name, key),
      () => this.#isShown,
    );
    outbox.addEventListener("change", () => byId("review-outbox").replaceChildren(...outboxNotices(outbox)));
  }

  show() {
    this.#isShown = true;
    if (!this.#isStarted) {
      this.#start();
    } else if (this.#hasFailed) {
      this.#resume();
    }
  }

  hide() {
    this.#isShown = false;
    clearTimeout(this.#timer);
  }

  #start() {
    this.#corrections.load().catch(() => {
      // the queue says what is wrong
    });
    this.#step(() => this.#queue.start(), this.#isStarted);
  }

  #resume() {
    this.#step(() => this.#queue.resume(), this.#isStarted);
  }

  /** Does what may have to load rows, then shows where the queue stands; where it fails, says so and tries again. */
  async #step(work, movesFocus) {
    clearTimeout(this.#timer);
    this.#isBusy = true;
    byId("view-review").setAttribute("aria-busy", "true");
    try {
      await work();
      this.#isStarted = true;
      this.#hasFailed = false;
      this.#failures = 0;
      byId("review-problem").replaceChildren();
      this.#render(movesFocus);
    } catch (problem) {
      byId("review-body").replaceChildren();
      this.#hasFailed = true;
      this.#failed(problem);
    } finally {
      this.#isBusy = false;
      byId("view-review").removeAttribute("aria-busy");
    }
  }

  #failed(problem) {
    const again = () => this.#resume();
    const place = byId("review-problem");
    if (problem.status === 404) {
      const hint = "Start the service with the output of the nightly job to review what it set aside.";
      const words = [element("h2", { text: "There is no review here" }), element("p", { text: problem.detail }), element("p", { class: "hint", text: hint })];
      place.replaceChildren(element("div", { class: "panel stack finished" }, ...words));
    } else if (problem.passes) {
      this.#failures += 1;
      const seconds = problem.retryAfter ?? Math.min(LONGEST_WAIT_SECONDS, 2 ** this.#failures);
      const waits = element("strong", { text: `The queue cannot be read. It is asked for again in ${counted(seconds, "second")}.` });
      const now = element("button", { type: "button", text: "Ask now", click: again });
      place.replaceChildren(notice("waiting", "wait", waits, element("span", { text: problem.detail }), element("div", { class: "actions" }, now)));
      this.#timer = setTimeout(again, seconds * 1000);
    } else {
      showProblem(place, problem, { path: "v1/review", retry: again });
    }
  }

  #render(movesFocus) {
    const queue = this.#queue;
    const row = queue.current;
    byId("review-progress").hidden = queue.total === 0;
    byId("review-progress-text").textContent =
      `${count(queue.reviewed)} of ${count(queue.total)} reviewed` + (queue.skipped > 0 ? `, ${count(queue.skipped)} skipped` : "");
    const progress = byId("review-progress-bar");
    progress.max = Math.max(1, queue.total);
    progress.value = queue.reviewed;
    byId("review-body").replaceChildren(row === null ? this.#finished() : reviewCard(row, queue.word(row.id), queue.hasBack, this.#actions()));
    if (movesFocus) {
      window.scrollTo(0, 0);
      byId("review-product").focus({ preventScroll: true });
    }
  }

  #finished() {
    const queue = this.#queue;
    const isEmpty = queue.total === 0;
    const said = isEmpty ? `The run ${queue.runId} set nothing aside for a person.` : `${count(queue.reviewed)} of ${counted(queue.total, "product")} of the run ${queue.runId} are reviewed.`;
    const button = (text, click, isPrimary) => element("button", { type: "button", class: isPrimary ? "primary" : "", text, click });
    return element(
      "div",
      { class: "panel stack finished" },
      element("h2", { id: "review-product", tabindex: "-1", text: isEmpty ? "Nothing to review" : "That was the last one" }),
      element("p", { text: said }),
      element(
        "div",
        { class: "actions" },
        queue.skipped > 0 ? button(`Look at the ${counted(queue.skipped, "skipped product")}`, () => this.#againSkipped(), true) : null,
        queue.hasBack ? button("Back", () => this.#back(), false) : null,
        button("Look for more", () => this.#start(), false),
      ),
    );
  }

  #actions() {
    return {
      accept: () => this.#say(this.#queue.current.category_path),
      choose: (path) => this.#say(path),
      search: () => this.#search(),
      skip: () => this.#skip(),
      back: () => this.#back(),
      why: () => this.#why(),
    };
  }

  #act(name, key) {
    if (name === "help") {
      this.#keys.open();
    } else if (this.#isBusy || !this.#isStarted) {
      return;
    } else if (name === "back") {
      this.#back();
    } else if (this.#queue.current !== null) {
      if (name === "choose") {
        const path = numbered(this.#queue.current)[Number(key) - 1];
        if (path) {
          this.#say(path);
        }
      } else {
        this.#actions()[name]();
      }
    }
  }

  #say(path) {
    if (this.#isBusy) {
      return;
    }
    const row = this.#queue.current;
    this.#outbox.add({
      id: row.id,
      category_path: path,
      action: samePath(path, row.category_path) ? "accept" : "correct",
      title: row.title,
      brand: row.brand,
      description: row.description,
      feature: row.feature,
      predicted_path: row.category_path,
      confidence: row.confidence,
      model_version: row.model_version,
    });
    this.#queue.say(path);
    byId("review-last").textContent = `“${productName(row)}” is in ${pathText(path)}.`;
    this.#step(() => this.#queue.advance(), true);
  }

  #skip() {
    if (this.#isBusy) {
      return;
    }
    byId("review-last").textContent = `“${productName(this.#queue.current)}” is skipped.`;
    this.#queue.skip();
    this.#step(() => this.#queue.advance(), true);
  }

  #back() {
    if (!this.#isBusy && this.#queue.hasBack) {
      this.#queue.back();
      byId("review-last").textContent = "";
      this.#render(true);
    }
  }

  #againSkipped() {
    this.#queue.againSkipped();
    this.#render(true);
  }

  async #search() {
    const panel = byId("review-search");
    const opener = byId("review-open-search");
    const close = () => {
      panel.hidden = true;
      opener.setAttribute("aria-expanded", "false");
      opener.focus();
    };
    if (!panel.hidden) {
      close();
      return;
    }
    try {
      const model = await this.#model.load();
      if (byId("review-search") !== panel) {
        return;
      }
      const combobox = searchField(panel, (path) => this.#say(path), close);
      combobox.categories = new Categories(model.labels);
      panel.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      combobox.focus();
    } catch (problem) {
      panel.hidden = false;
      showProblem(panel, problem, { path: "v1/model" });
    }
  }

  async #why() {
    const panel = byId("review-why");
    const opener = byId("review-open-why");
    panel.hidden = !panel.hidden;
    opener.setAttribute("aria-expanded", String(!panel.hidden));
    if (panel.hidden) {
      return;
    }
    const { id, title, brand, description, feature, category_path: path } = this.#queue.current;
    panel.replaceChildren(element("p", { class: "hint", role: "status", text: "Leaving out each word in turn …" }));
    try {
      const explanation = await this.#api.post("v1/explain", { product: { id, title, brand, description, feature }, category_path: path });
      panel.replaceChildren(element("h3", { text: "Which words carried it" }), ...explanationParts(explanation));
    } catch (problem) {
      showProblem(panel, problem, { path: "v1/explain" });
    }
  }
}

function searchField(panel, choose, cancel) {
  const input = element("input", {
    id: "review-category", type: "text", role: "combobox", autocomplete: "off", placeholder: "Type a part of its name",
    "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": "review-category-list",
  });
  const list = element("ul", { id: "review-category-list", role: "listbox", "aria-label": "Categories", hidden: true });
  const status = element("p", { class: "hint", "aria-live": "polite" });
  panel.replaceChildren(
    element("div", { class: "field" }, element("label", { for: "review-category", text: "Another category" }), element("div", { class: "combobox" }, input, list), status),
  );
  return new CategoryCombobox(input, list, status, { choose, cancel });
}
