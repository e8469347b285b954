/** What of a person's words is not stored yet, and what becomes of it. */
import { element } from "./dom.js";
import { counted, pathText } from "./format.js";
import { notice, words } from "./problem.js";

/**
 * @param {import("./outbox.js").Outbox} outbox
 * @returns {HTMLElement[]} nothing while all goes well
 */
export function outboxNotices(outbox) {
  const { state, refused } = outbox;
  const notices = refused.map((one) => refusal(outbox, one));
  const waiting = outbox.unsent - refused.length;
  if (state.kind === "waiting") {
    const seconds = Math.max(1, Math.round((state.until - Date.now()) / 1000));
    notices.push(
      notice(
        "waiting",
        "wait",
        element("strong", { text: `${counted(waiting, "answer")} not stored yet. Nothing is lost: the next try is in ${counted(seconds, "second")}.` }),
        element("span", { text: state.problem.detail }),
        actions(["Send now", () => outbox.sendNow()]),
      ),
    );
  } else if (state.kind === "held") {
    notices.push(
      notice("problem", "problem", element("span", { text: `${counted(waiting, "answer")} not stored yet.` }), ...words(state.problem, "v1/feedback"),
        actions(["Send again", () => outbox.sendNow()])),
    );
  }
  return notices;
}

function refusal(outbox, refused) {
  const { correction } = refused.entry;
  return notice(
    "problem",
    "problem",
    element("span", { text: `Not stored: “${correction.title || correction.id}” in ${pathText(correction.category_path)}.` }),
    ...words(refused.problem, "v1/feedback"),
    actions(["Send again", () => outbox.retry(refused)], ["Drop it", () => outbox.drop(refused)]),
  );
}

function actions(...buttons) {
  return element("div", { class: "actions" }, ...buttons.map(([text, click]) => element("button", { type: "button", text, click })));
}
