/** One product: its category, why, and the word of who knows better. */
import { CorrectionForm } from "../correction-form.js";
import { bar, byId, element } from "../dom.js";
import { EXAMPLES } from "../examples.js";
import { explanationParts } from "../explanation.js";
import { pathLines, percent, samePath } from "../format.js";
import { clearFieldErrors, placeFieldErrors, showProblem } from "../problem.js";
import { decisionWords } from "../verdict.js";

export class ClassifyView {
  #api;
  #model;
  #form = byId("classify-form");
  #correction;
  /** of the request that is under way */
  #abort = new AbortController();

  /**
   * @param {import("../api.js").Api} api
   * @param {import("../model-source.js").ModelSource} model
   * @param {import("../corrections.js").Corrections} corrections
   */
  constructor(api, model, corrections) {
    this.#api = api;
    this.#model = model;
    this.#correction = new CorrectionForm(model, corrections);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#classify();
    });
    this.#form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#classify();
      }
    });
    byId("classify-clear").addEventListener("click", () => {
      this.#form.reset();
      this.#forget();
      byId("product-title").focus();
    });
    for (const example of EXAMPLES) {
      byId("examples").append(element("button", { type: "button", text: example.name, click: () => this.#take(example) }));
    }
  }

  show() {
    // nothing is asked for before there is a product
  }

  #take(example) {
    for (const field of ["title", "brand", "description", "feature"]) {
      this.#form.elements[field].value = example[field];
    }
    this.#form.elements.id.value = "";
    this.#classify();
  }

  /** What of the form is filled in. */
  #product() {
    const fields = this.#form.elements;
    const feature = fields.feature.value.split("\n").map((line) => line.trim());
    const product = {
      id: fields.id.value.trim(),
      title: fields.title.value,
      brand: fields.brand.value,
      description: fields.description.value,
      feature: feature.filter((line) => line !== ""),
    };
    return Object.fromEntries(Object.entries(product).filter(([, value]) => value.length > 0));
  }

  #forget() {
    this.#abort.abort();
    clearFieldErrors(this.#form);
    byId("classify-problem").replaceChildren();
    byId("decision").replaceChildren();
    for (const part of ["classify-result", "explanation", "correction"]) {
      byId(part).hidden = true;
    }
    byId("classify-empty").hidden = false;
  }

  async #classify() {
    this.#forget();
    const abort = new AbortController();
    this.#abort = abort;
    const product = this.#product();
    this.#form.setAttribute("aria-busy", "true");
    try {
      const answer = await this.#api.post("v1/classify", { products: [product] }, { signal: abort.signal });
      const model = await this.#model.loadVersion(answer.model_version);
      if (!abort.signal.aborted) {
        this.#showAnswer(product, answer, model, abort.signal);
      }
    } catch (problem) {
      if (!abort.signal.aborted) {
        const rest = placeFieldErrors(this.#form, problem);
        if (rest !== null) {
          showProblem(byId("classify-problem"), rest, { retry: problem.passes ? () => this.#classify() : undefined });
        }
      }
    } finally {
      if (this.#abort === abort) {
        this.#form.removeAttribute("aria-busy");
      }
    }
  }

  #showAnswer(product, answer, model, signal) {
    const prediction = answer.predictions[0];
    byId("classify-empty").hidden = true;
    byId("classify-result").hidden = false;
    byId("decision").replaceChildren(decisionWords(prediction, model.accept_threshold));
    byId("result-model").textContent = `Model ${model.name}, version ${answer.model_version}`;
    byId("candidates").replaceChildren(...prediction.top.map((candidate) => this.#candidate(product, candidate, signal)));
    this.#correction.open(product, prediction, answer.model_version);
    this.#explain(product, prediction.category_path, signal);
  }

  #candidate(product, candidate, signal) {
    const path = candidate.category_path;
    const why = element("button", {
      type: "button",
      class: "why",
      text: "Why",
      "aria-label": `Why ${path[path.length - 1]}`,
      "aria-pressed": "false",
      click: () => this.#explain(product, path, signal),
    });
    why.dataset.path = JSON.stringify(path);
    const share = element("span", { class: "number", text: percent(candidate.confidence) });
    return element("li", { class: "candidate" }, pathLines(path), share, why, bar(candidate.confidence));
  }

  async #explain(product, path, signal) {
    const section = byId("explanation");
    const body = byId("explanation-body");
    for (const why of byId("candidates").querySelectorAll(".why")) {
      why.setAttribute("aria-pressed", String(samePath(JSON.parse(why.dataset.path), path)));
    }
    section.hidden = false;
    section.setAttribute("aria-busy", "true");
    section.dataset.asked = JSON.stringify(path);
    body.replaceChildren(element("p", { class: "hint", text: "Leaving out each word in turn …" }));
    const isWanted = () => !signal.aborted && section.dataset.asked === JSON.stringify(path);
    try {
      const explanation = await this.#api.post("v1/explain", { product, category_path: path }, { signal });
      if (isWanted()) {
        body.replaceChildren(...explanationParts(explanation));
      }
    } catch (problem) {
      if (isWanted()) {
        showProblem(body, problem, { retry: () => this.#explain(product, path, signal) });
      }
    } finally {
      if (isWanted()) {
        section.setAttribute("aria-busy", "false");
      }
    }
  }
}
