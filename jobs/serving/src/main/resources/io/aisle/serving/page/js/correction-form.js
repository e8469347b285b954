/** "Is it wrong?": takes the right category of one product, and sends it. */
import { Categories } from "./categories.js";
import { CategoryCombobox } from "./combobox.js";
import { byId, element, icon, uuid } from "./dom.js";
import { pathText, samePath } from "./format.js";
import { clearFieldErrors, placeFieldErrors, showFieldError, showProblem } from "./problem.js";

export class CorrectionForm {
  #model;
  #corrections;
  #section = byId("correction");
  #form = byId("correction-form");
  #combobox = new CategoryCombobox(byId("correct-category"), byId("correct-category-list"), byId("correct-category-count"));
  #subject = null;
  /** of the correction that is not stored yet: its text, and the key of all its tries */
  #pending = { text: "", key: "" };
  /** of the last product without an id: what it says, and the id that was made up for it */
  #madeUp = { text: "", id: "" };

  /**
   * @param {import("./model-source.js").ModelSource} model
   * @param {import("./corrections.js").Corrections} corrections
   */
  constructor(model, corrections) {
    this.#model = model;
    this.#corrections = corrections;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Offers to correct a prediction, where the service stores corrections and the key may send them. */
  async open(product, prediction, modelVersion) {
    const subject = { product, prediction, modelVersion };
    this.#subject = subject;
    this.#combobox.clear();
    clearFieldErrors(this.#form);
    byId("correction-outcome").replaceChildren();
    byId("correction-problem").replaceChildren();
    this.#section.hidden = false;
    this.#form.hidden = true;
    try {
      const [model] = await Promise.all([this.#model.load(), this.#corrections.load()]);
      if (this.#subject === subject) {
        this.#combobox.categories = new Categories(model.labels);
        this.#form.hidden = false;
      }
    } catch (problem) {
      if (this.#subject === subject) {
        this.#cannot(problem);
      }
    }
  }

  #cannot(problem) {
    if (problem.status === 404) {
      byId("correction-outcome").replaceChildren(element("p", { class: "hint", text: problem.detail }));
    } else {
      const { product, prediction, modelVersion } = this.#subject;
      const retry = () => this.open(product, prediction, modelVersion);
      showProblem(byId("correction-problem"), problem, { path: "v1/feedback", retry });
    }
  }

  #correction(path) {
    const { product, prediction, modelVersion } = this.#subject;
    return {
      ...product,
      id: product.id ?? this.#idOf(product),
      category_path: path,
      action: samePath(path, prediction.category_path) ? "accept" : "correct",
      predicted_path: prediction.category_path,
      confidence: prediction.confidence,
      model_version: modelVersion,
    };
  }

  /** The same for the same product, so that the latest word on it counts. */
  #idOf(product) {
    const text = JSON.stringify(product);
    if (this.#madeUp.text !== text) {
      this.#madeUp = { text, id: `page-${uuid()}` };
    }
    return this.#madeUp.id;
  }

  async #send() {
    const path = this.#combobox.value;
    clearFieldErrors(this.#form);
    byId("correction-problem").replaceChildren();
    byId("correction-outcome").replaceChildren();
    if (path === null) {
      showFieldError(this.#form, "category_path", "Choose a category from the list.");
      byId("correct-category").focus();
      return;
    }
    const correction = this.#correction(path);
    const text = JSON.stringify(correction);
    if (this.#pending.text !== text) {
      this.#pending = { text, key: uuid() };
    }
    try {
      await this.#corrections.store(correction, this.#pending.key);
      this.#pending = { text: "", key: "" };
      this.#combobox.clear();
      const said = `Stored: ${pathText(path)}. The latest word on a product counts.`;
      byId("correction-outcome").replaceChildren(element("p", { class: "stored" }, icon("accepted"), said));
    } catch (problem) {
      if (problem.status === 409) {
        this.#pending = { text: "", key: "" };
      }
      const rest = placeFieldErrors(this.#form, problem);
      if (rest !== null) {
        showProblem(byId("correction-problem"), rest, { path: "v1/feedback", retry: () => this.#send() });
      }
    }
  }
}
