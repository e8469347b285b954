/** Problems in words, beside what they belong to. */
import { element, icon } from "./dom.js";
import { counted } from "./format.js";

const SCOPES = { "v1/feedback": "feedback", "v1/review": "feedback" };

/**
 * Shows a problem in a place of the page.
 *
 * @param {HTMLElement} place
 * @param {Error} problem
 * @param {{path?: string, retry?: () => void}} [options] the path that was asked, and what "Try again" does
 */
export function showProblem(place, problem, options = {}) {
  place.replaceChildren(notice("problem", "problem", ...words(problem, options.path), options.retry ? tryAgain(options.retry) : null));
}

/**
 * @param {"problem" | "waiting" | ""} kind
 * @param {string} symbol
 * @param {...(Node | string | null)} children
 */
export function notice(kind, symbol, ...children) {
  const role = kind === "problem" ? "alert" : "status";
  return element("div", { class: `notice ${kind}`, role }, icon(symbol), element("div", {}, ...children));
}

/** @returns {HTMLElement[]} what happened, what to do, and the id of the request */
export function words(problem, path = "") {
  const lines = [element("strong", { text: problem.detail ?? String(problem.message) })];
  for (const error of problem.errors ?? []) {
    lines.push(element("span", {}, error.detail, " ", element("code", { class: "hint", text: error.pointer })));
  }
  if (problem.status === 403) {
    lines.push(element("span", { text: `The key lacks the scope “${SCOPES[path] ?? "classify"}”. Choose “Forget key” to use another.` }));
  }
  if (problem.retryAfter) {
    lines.push(element("span", { text: `Ask again in ${counted(problem.retryAfter, "second")}.` }));
  }
  if (problem.requestId) {
    lines.push(element("span", { class: "hint", text: `Request ${problem.requestId}` }));
  }
  return lines;
}

function tryAgain(retry) {
  return element("div", { class: "actions" }, element("button", { type: "button", text: "Try again", click: retry }));
}

/**
 * Shows what is wrong with fields at those fields.
 *
 * @param {HTMLElement} form
 * @param {import("./api.js").Problem} problem
 * @returns {import("./api.js").Problem | null} what no field of the form is wrong with, or null where all has its place
 */
export function placeFieldErrors(form, problem) {
  clearFieldErrors(form);
  const unplaced = (problem.errors ?? []).filter((error) => !showFieldError(form, fieldOf(form, error.pointer), error.detail));
  form.querySelector("[aria-invalid]")?.focus();
  if (unplaced.length === 0 && problem.errors?.length > 0) {
    return null;
  }
  return Object.assign(Object.create(Object.getPrototypeOf(problem)), problem, { message: problem.message, errors: unplaced });
}

/** The last name of the pointer that is a field's: `/product/feature/3` is of `feature`. */
function fieldOf(form, pointer) {
  const names = pointer.split("/");
  return names.reverse().find((name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`)) ?? "";
}

/** @returns {boolean} whether the form has the field */
export function showFieldError(form, name, detail) {
  const field = name === "" ? null : form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (field === null) {
    return false;
  }
  const control = field.querySelector("input, textarea, select");
  const id = `${control.id}-problem`;
  field.querySelector(`[id="${id}"]`)?.remove();
  field.append(element("p", { class: "field-problem", id, text: detail, role: "alert" }));
  control.setAttribute("aria-invalid", "true");
  const described = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other !== "" && other !== id);
  control.setAttribute("aria-describedby", [...described, id].join(" "));
  return true;
}

export function clearFieldErrors(form) {
  for (const shown of form.querySelectorAll(".field-problem")) {
    shown.remove();
  }
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    const kept = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== "" && !id.endsWith("-problem"));
    if (kept.length > 0) {
      control.setAttribute("aria-describedby", kept.join(" "));
    } else {
      control.removeAttribute("aria-describedby");
    }
  }
}
