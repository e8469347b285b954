/** Accepted, or for a person to look at. */
import { element, icon } from "./dom.js";
import { breadcrumb, exactPercent, percent } from "./format.js";

/** @param {"accepted" | "review"} decision */
export function verdict(decision) {
  return element("span", { class: `verdict ${decision}` }, icon(decision), decision === "accepted" ? "Accepted" : "For review");
}

/**
 * The decision on a product, in words.
 *
 * @param {object} prediction as the API answers it
 * @param {number} threshold from which the model accepts; above 1: nothing
 */
export function decisionWords(prediction, threshold) {
  const path = prediction.category_path;
  return element(
    "div",
    { class: "decision" },
    verdict(prediction.decision),
    element("p", { class: "category", text: `${path[path.length - 1]}, ${percent(prediction.confidence)}` }),
    path.length > 1 ? breadcrumb(path) : null,
    element("p", { class: "reason", text: reason(prediction, threshold) }),
  );
}

function reason(prediction, threshold) {
  if (threshold > 1) {
    return "Nothing of this model is accepted: no threshold reached the precision asked for.";
  }
  if (prediction.decision === "accepted") {
    const said = `Confidence ${percent(prediction.confidence)} reaches the accept threshold of ${exactPercent(threshold)}.`;
    return prediction.reason === "" ? said : `${sentence(prediction.reason)} ${said}`;
  }
  return `A person should look at it: ${prediction.reason}.`;
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
