/** Which words of a product carried a category. */
import { element } from "./dom.js";
import { pathText, percent } from "./format.js";

const STRONGEST = 6;
/** Weaker words than this are not tinted: the number would be shown as 0.0. */
const WEAKEST = 0.0005;
const FIELDS = { title: "Title", brand: "Brand", description: "Description", feature: "Bullets" };

/**
 * @param {object} explanation as the API answers it
 * @returns {HTMLElement[]} what it explains, the words of each field tinted, and the strongest with their numbers
 */
export function explanationParts(explanation) {
  const { explained, words, is_shortened: isShortened } = explanation;
  const strongest = words
    .filter((word) => Math.abs(word.weight) >= WEAKEST)
    .sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight))
    .slice(0, STRONGEST);
  return [
    element("p", {}, "For ", element("strong", { text: pathText(explained.category_path) }), `, ${percent(explained.confidence)}`),
    fieldWords(words, strongest.length > 0 ? Math.abs(strongest[0].weight) : 1),
    legend(),
    strongest.length > 0 ? table(strongest) : element("p", { text: "No single word changes the probability: the others make up for it." }),
    element("p", { class: "hint", text: "Method: occlusion: how much the probability falls when the word is left out." }),
    isShortened ? element("p", { class: "hint", text: "Words past the first 200 were left unexplained." }) : null,
  ].filter((part) => part !== null);
}

function fieldWords(words, greatest) {
  const list = element("dl", { class: "field-words" });
  for (const [field, name] of Object.entries(FIELDS)) {
    const those = words.filter((word) => word.field === field);
    if (those.length > 0) {
      const text = element("dd");
      those.forEach((word, place) => text.append(place > 0 ? " " : "", tinted(word, greatest)));
      list.append(element("dt", { text: name }), text);
    }
  }
  return list;
}

function tinted(word, greatest) {
  if (Math.abs(word.weight) < WEAKEST) {
    return document.createTextNode(word.text);
  }
  const kind = word.weight > 0 ? "for" : "against";
  const span = element("span", { class: `word ${kind}`, text: word.text, title: points(word.weight) });
  // the square root lets weak words be seen beside one strong one
  span.style.setProperty("--strength", Math.sqrt(Math.abs(word.weight) / greatest).toFixed(3));
  return span;
}

function legend() {
  return element(
    "p",
    { class: "legend hint" },
    element("span", {}, element("span", { class: "word for", text: "for" }), " the category"),
    element("span", {}, element("span", { class: "word against", text: "against" }), " it"),
  );
}

function table(strongest) {
  const row = (word) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", text: word.text }),
      element("td", { text: FIELDS[word.field] }),
      element("td", { class: "number", text: points(word.weight) }),
    );
  const head = element(
    "tr",
    {},
    element("th", { scope: "col", text: "Word" }),
    element("th", { scope: "col", text: "Field" }),
    element("th", { scope: "col", class: "number", text: "Percentage points" }),
  );
  return element(
    "table",
    { class: "strongest" },
    element("caption", { text: "The strongest words" }),
    element("thead", {}, head),
    element("tbody", {}, ...strongest.map(row)),
  );
}

/** `+12.3`, `−4.0`: percentage points. */
function points(weight) {
  return `${weight < 0 ? "−" : "+"}${(Math.abs(weight) * 100).toFixed(1)}`;
}
