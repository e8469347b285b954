/** One product to review, and what can be said of it. */
import { bar, element } from "./dom.js";
import { breadcrumb, pathLines, pathText, percent, samePath } from "./format.js";

const MOST_CANDIDATES = 5;
/** A longer text is folded after so many characters. */
const SHOWN_TEXT = 600;

/**
 * @param {object} row of the review queue
 * @param {import("./review-queue.js").Word | undefined} word what was said of it before
 * @param {boolean} hasBack
 * @param {Record<"accept" | "search" | "skip" | "back" | "why", () => void> & {choose: (path: string[]) => void}} actions
 */
export function reviewCard(row, word, hasBack, actions) {
  const search = element("div", { id: "review-search", hidden: true });
  const why = element("div", { id: "review-why", class: "stack", hidden: true });
  return element(
    "article",
    { class: "panel review-card", "aria-labelledby": "review-product" },
    buttons(hasBack, actions),
    product(row, word, why),
    element("div", { class: "stack" }, search, suggestion(row), choices(row, word, actions)),
  );
}

/** @returns {string[][]} the candidates that have a number, the first is 1 */
export function numbered(row) {
  return row.top.slice(0, MOST_CANDIDATES).map((candidate) => candidate.category_path);
}

/** How a product without a title is called. */
export function productName(row) {
  return row.title || row.brand || row.id;
}

function product(row, word, why) {
  return element(
    "div",
    { class: "product" },
    word ? element("p", { class: "said", text: said(word) }) : null,
    element("h2", { id: "review-product", tabindex: "-1", text: productName(row) }),
    element("p", { class: "muted", text: [row.title ? row.brand : "", row.id].filter((part) => part !== "").join(" · ") }),
    ...text(row.description),
    ...text(row.feature),
    why,
  );
}

function said(word) {
  return word.kind === "skipped" ? "You skipped this product." : `You said ${pathText(word.path)}. Say something else, and the later word counts.`;
}

function text(whole) {
  if (whole === "") {
    return [];
  }
  if (whole.length <= SHOWN_TEXT) {
    return [element("p", { class: "text", text: whole })];
  }
  const end = whole.lastIndexOf(" ", SHOWN_TEXT);
  const cut = end > 0 ? end : SHOWN_TEXT;
  return [
    element("p", { class: "text", text: `${whole.slice(0, cut)} …` }),
    element("details", {}, element("summary", { text: "The rest" }), element("p", { class: "text", text: whole.slice(cut).trim() })),
  ];
}

function suggestion(row) {
  const path = row.category_path;
  return element(
    "div",
    { class: "decision" },
    element("h3", { class: "muted", text: "The model says" }),
    element("p", { class: "category", text: `${path[path.length - 1]}, ${percent(row.confidence)}` }),
    path.length > 1 ? breadcrumb(path) : null,
    element("p", { class: "hint", text: row.reason }),
  );
}

function choices(row, word, actions) {
  const list = element("ol", { class: "choices", "aria-label": "Candidates" });
  row.top.slice(0, MOST_CANDIDATES).forEach((candidate, place) => {
    const path = candidate.category_path;
    const isSaid = word?.kind === "said" && samePath(word.path, path);
    const choice = element(
      "button",
      { type: "button", class: isSaid ? "choice said-so" : "choice", "aria-keyshortcuts": String(place + 1), click: () => actions.choose(path) },
      element("kbd", { text: String(place + 1) }),
      pathLines(path),
      element("span", { class: "number", text: percent(candidate.confidence) }),
      bar(candidate.confidence),
    );
    list.append(element("li", {}, choice));
  });
  return list;
}

function buttons(hasBack, actions) {
  const button = (name, key, action, properties = {}) =>
    element("button", { type: "button", "aria-keyshortcuts": key, click: action, ...properties }, name, " ", element("kbd", { text: key }));
  return element(
    "div",
    { class: "actions review-actions", role: "group", "aria-label": "What to do" },
    button("Accept", "a", actions.accept, { class: "primary" }),
    button("Another category", "c", actions.search, { "aria-expanded": "false", "aria-controls": "review-search", id: "review-open-search" }),
    button("Skip", "s", actions.skip),
    button("Back", "u", actions.back, { disabled: !hasBack }),
    button("Why", "w", actions.why, { "aria-expanded": "false", "aria-controls": "review-why", id: "review-open-why" }),
  );
}
