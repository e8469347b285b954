/** Puts the page together. */
import { Api } from "./api.js";
import { Corrections } from "./corrections.js";
import { byId } from "./dom.js";
import { Key } from "./key.js";
import { ModelSource } from "./model-source.js";
import { Outbox } from "./outbox.js";
import { startRouter } from "./router.js";
import { Kept } from "./storage.js";
import { ClassifyView } from "./views/classify.js";
import { FileView } from "./views/file.js";
import { ModelView } from "./views/model.js";
import { ReviewView } from "./views/review.js";

function startTheme() {
  const root = document.documentElement;
  const button = byId("theme");
  const kept = new Kept("localStorage", "theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    kept.write(root.dataset.theme);
    show();
  });
  system.addEventListener("change", show);
  show();
}

startTheme();
document.querySelector(".skip-link").addEventListener("click", (event) => {
  // the hash names the view
  event.preventDefault();
  byId("main").focus();
});

const key = new Key();
const api = new Api(key);
const model = new ModelSource(api);
const corrections = new Corrections(api);
const outbox = new Outbox(corrections);
startRouter({
  classify: new ClassifyView(api, model, corrections),
  file: new FileView(key),
  review: new ReviewView(api, model, corrections, outbox),
  model: new ModelView(model),
});
outbox.sendNow();
