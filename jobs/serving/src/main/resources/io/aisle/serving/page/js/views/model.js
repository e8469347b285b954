/** What the model that answers is: its card, its numbers, its labels. */
import { Categories } from "../categories.js";
import { byId, element } from "../dom.js";
import { counted, exactPercent, pathText, time } from "../format.js";
import { rendered } from "../markdown.js";
import { metricName, metricValue } from "../metrics.js";
import { notice, showProblem } from "../problem.js";

const LISTED_LABELS = 200;

export class ModelView {
  #model;

  /** @param {import("../model-source.js").ModelSource} model */
  constructor(model) {
    this.#model = model;
  }

  async show() {
    const body = byId("model-body");
    const problemPlace = byId("model-problem");
    body.setAttribute("aria-busy", "true");
    try {
      const model = await this.#model.reload();
      problemPlace.replaceChildren();
      body.replaceChildren(...(model.refused === null ? [] : [refusal(model.refused)]), facts(model), metrics(model), labels(model), card(model));
    } catch (problem) {
      body.replaceChildren();
      showProblem(problemPlace, problem, { retry: () => this.show() });
    } finally {
      body.removeAttribute("aria-busy");
    }
  }
}

function refusal(refused) {
  return notice(
    "waiting",
    "problem",
    element("strong", { text: `A newer champion, ${refused.name}, could not be loaded. The model below goes on.` }),
    element("span", { text: refused.reason }),
    element("span", { class: "hint" }, "Tried at ", time(refused.at)),
  );
}

function facts(model) {
  const fact = (name, value) => [element("dt", { text: name }), element("dd", {}, value)];
  return element(
    "div",
    { class: "panel stack" },
    element("h2", { text: model.name }),
    element(
      "dl",
      { class: "facts" },
      ...fact("Kind", element("code", { text: model.kind })),
      ...fact("Version", element("code", { text: model.version })),
      ...fact("Loaded", time(model.loaded_at)),
      ...fact("Labels", counted(model.labels.length, "category", "categories")),
      ...fact("Decision", threshold(model)),
    ),
  );
}

function threshold(model) {
  const precision = exactPercent(model.target_precision);
  if (model.accept_threshold > 1) {
    return `Nothing is accepted: no threshold had a precision of ${precision} on validation rows.`;
  }
  return `Accepted from ${exactPercent(model.accept_threshold)} on, chosen for a precision of ${precision} on validation rows. The others are for a person to look at.`;
}

function metrics(model) {
  const rows = Object.entries(model.metrics).map(([key, value]) => {
    const { name, meaning } = metricName(key);
    return element(
      "tr",
      {},
      element("th", { scope: "row", text: name, title: key }),
      element("td", { class: "number", text: metricValue(key, value) }),
      element("td", { class: "muted", text: meaning }),
    );
  });
  const head = ["Metric", "Value", "What it says"].map((name) => element("th", { scope: "col", class: name === "Value" ? "number" : "", text: name }));
  const table = element(
    "table",
    {},
    element("caption", { text: "On the validation rows, which chose the threshold: on rows that it never saw, expect a little less." }),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows),
  );
  return element(
    "section",
    { class: "panel stack", "aria-labelledby": "metrics-heading" },
    element("h2", { id: "metrics-heading", text: "Metrics" }),
    rows.length === 0
      ? element("p", { text: "The bundle holds none." })
      : element("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "metrics-heading" }, table),
  );
}

function labels(model) {
  const categories = new Categories(model.labels);
  const list = element("ul", { class: "labels", tabindex: "0", "aria-labelledby": "labels-heading" });
  const status = element("p", { class: "hint", role: "status" });
  const search = element("input", { id: "label-search", type: "search", autocomplete: "off" });
  const show = () => {
    const { paths, count } = categories.search(search.value, LISTED_LABELS);
    list.replaceChildren(...paths.map((path) => element("li", { text: pathText(path) })));
    list.hidden = paths.length === 0;
    status.textContent = counted(count, "category", "categories") + (count > paths.length ? `, the first ${paths.length} are listed` : "");
  };
  search.addEventListener("input", show);
  show();
  return element(
    "section",
    { class: "panel stack", "aria-labelledby": "labels-heading" },
    element("h2", { id: "labels-heading", text: "Labels" }),
    element("div", { class: "field" }, element("label", { for: "label-search", text: "Search" }), search),
    status,
    list,
  );
}

function card(model) {
  return element(
    "section",
    { class: "panel stack", "aria-labelledby": "card-heading" },
    element("h2", { id: "card-heading", text: "Model card" }),
    element("div", { class: "card stack" }, ...rendered(model.card, 3)),
  );
}
