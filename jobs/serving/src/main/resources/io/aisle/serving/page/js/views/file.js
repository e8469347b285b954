/** A file of products: its columns, its way to the service, its answer. */
import { canBeNamed, columnsParameter, FIELDS, likelyColumn, readHeader } from "../columns.js";
import { byId, element } from "../dom.js";
import { answerRow, countParts, FileAnswer } from "../file-answer.js";
import { count, counted } from "../format.js";
import { clearFieldErrors, placeFieldErrors, showFieldError, showProblem } from "../problem.js";
import { upload } from "../upload.js";

const FIELD_NAMES = { id: "Id", title: "Title", brand: "Brand", description: "Description", feature: "Bullets" };

export class FileView {
  #key;
  #form = byId("file-form");
  /** @type {File | null} */
  #file = null;
  #type = "";
  /** of what is under way @type {AbortController | null} */
  #abort = null;
  #download = "";

  /** @param {import("../key.js").Key} key */
  constructor(key) {
    this.#key = key;
    const input = byId("file-input");
    const drop = byId("drop");
    input.addEventListener("change", () => this.#choose(input.files[0]));
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) {
      drop.addEventListener(kind, () => drop.classList.remove("over"));
    }
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#choose(event.dataTransfer.files[0]);
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#file !== null && this.#abort === null) {
        this.#send();
      }
    });
    byId("file-cancel").addEventListener("click", () => this.#abort?.abort());
  }

  show() {
    // what was chosen, or is under way, stays
  }

  async #choose(file) {
    if (!file || this.#abort !== null) {
      return;
    }
    clearFieldErrors(this.#form);
    byId("file-problem").replaceChildren();
    byId("file-result").hidden = true;
    byId("file-send").disabled = true;
    byId("file-columns").hidden = true;
    byId("file-label").textContent = `${file.name}, ${size(file.size)}`;
    this.#file = null;
    try {
      const { type, names, problem } = await readHeader(file);
      if (problem !== null) {
        showFieldError(this.#form, "file", problem);
        return;
      }
      this.#file = file;
      this.#type = type;
      this.#offerColumns(names);
      byId("file-send").disabled = false;
    } catch {
      showFieldError(this.#form, "file", "The file cannot be read.");
    }
  }

  #offerColumns(names) {
    const usable = names.filter(canBeNamed);
    byId("file-columns").hidden = names.length === 0;
    byId("file-column-selects").replaceChildren(...FIELDS.map((field) => columnSelect(field, usable)));
    const isPlain = FIELDS.every((field) => names.includes(field));
    const left = names.length - usable.length;
    byId("file-columns-hint").textContent = [
      isPlain ? "The columns have the names that the service expects." : "Some columns have other names than the service expects: say which is which.",
      left > 0 ? `${counted(left, "column")} with a comma or an equals sign in the name cannot be chosen.` : "",
    ].join(" ");
  }

  /** The column of each field, empty where there is none. */
  #columns() {
    const selects = [...byId("file-column-selects").querySelectorAll("select")];
    return Object.fromEntries(selects.map((select) => [select.name, select.value]));
  }

  #hasText() {
    return Object.entries(this.#columns()).some(([field, column]) => field !== "id" && column !== "");
  }

  #address() {
    const query = new URLSearchParams({ name: this.#file.name });
    const columns = columnsParameter(this.#columns());
    if (columns !== "") {
      query.set("columns", columns);
    }
    const threshold = byId("file-threshold").value;
    if (threshold !== "") {
      query.set("threshold", String(Number(threshold) / 100));
    }
    return `v1/classify/file?${query}`;
  }

  async #send() {
    clearFieldErrors(this.#form);
    byId("file-problem").replaceChildren();
    if (!byId("file-threshold").checkValidity()) {
      showFieldError(this.#form, "threshold", "Enter a number from 0 to 100.");
      byId("file-threshold").focus();
      return;
    }
    if (!this.#hasText()) {
      showFieldError(this.#form, "columns", "Say which column has text: the title, the description or another.");
      byId("file-column-title").focus();
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#isBusy(true);
    const run = { answer: /** @type {FileAnswer | null} */ (null), expected: 0, name: "" };
    try {
      await upload(this.#address(), this.#file, this.#type, this.#key, this.#listeners(run), abort.signal);
      run.answer.end();
      const isWhole = run.answer.rows >= run.expected;
      this.#showAnswer(run, isWhole ? `${counted(run.answer.rows, "row")} answered.` : brokenOff(run));
    } catch (problem) {
      this.#failed(problem, run, abort.signal.aborted);
    } finally {
      this.#abort = null;
      this.#isBusy(false);
    }
  }

  #listeners(run) {
    const total = (name) => Number.parseInt(name ?? "0", 10);
    return {
      sent: (share) => this.#progress("upload", "Sent", share, `${Math.round(share * 100)}%`),
      headers: (header) => {
        run.answer = new FileAnswer(header("Content-Type") ?? this.#type);
        run.expected = total(header("Aisle-Records"));
        run.name = fileName(header("Content-Disposition"), this.#file.name);
      },
      text: (piece) => {
        run.answer.push(piece);
        const share = run.expected > 0 ? run.answer.rows / run.expected : 0;
        this.#progress("answer", "Answered", share, `${count(run.answer.rows)} of ${counted(run.expected, "row")}`);
      },
    };
  }

  #failed(problem, run, isCancelled) {
    if (run.answer !== null && run.answer.rows > 0) {
      this.#showAnswer(run, isCancelled ? `Cancelled. ${soFar(run)}` : brokenOff(run));
    } else if (isCancelled) {
      byId("file-problem").replaceChildren(element("p", { class: "hint", role: "status", text: "Cancelled." }));
    } else {
      const rest = placeFieldErrors(this.#form, problem);
      if (rest !== null) {
        showProblem(byId("file-problem"), rest, { path: "v1/classify/file", retry: () => this.#send() });
      }
    }
  }

  #progress(which, label, share, said) {
    byId(`file-${which}-progress`).value = share;
    byId(`file-${which}-label`).textContent = `${label} ${said}`;
  }

  #isBusy(isBusy) {
    byId("file-send").disabled = isBusy;
    byId("file-input").disabled = isBusy;
    byId("file-cancel").hidden = !isBusy;
    byId("file-progress").hidden = !isBusy;
    if (isBusy) {
      byId("file-result").hidden = true;
      this.#progress("upload", "Sent", 0, "0%");
      this.#progress("answer", "Answered", 0, "nothing yet");
      byId("file-cancel").focus();
    }
  }

  #showAnswer({ answer, name }, state) {
    byId("file-result").hidden = false;
    byId("file-state").textContent = state;
    byId("file-counts").replaceChildren(...countParts(answer));
    byId("file-table-caption").textContent = answer.first.length < answer.rows ? `The first ${answer.first.length} rows` : "All rows";
    byId("file-rows").replaceChildren(...answer.first.map(answerRow));
    if (this.#download !== "") {
      URL.revokeObjectURL(this.#download);
    }
    this.#download = URL.createObjectURL(answer.blob());
    const link = byId("file-download");
    link.href = this.#download;
    link.download = name;
    byId("file-result-heading").focus();
  }
}

function columnSelect(field, names) {
  const likely = likelyColumn(field, names);
  const id = `file-column-${field}`;
  const select = element("select", { id, name: field });
  if (!names.includes(field)) {
    select.append(element("option", { value: "", text: "not in the file" }));
  }
  names.forEach((name) => select.append(element("option", { value: name, text: name })));
  select.value = likely;
  return element("div", { class: "field" }, element("label", { for: id, text: FIELD_NAMES[field] }), select);
}

function soFar(run) {
  return `${count(run.answer.rows)} of ${counted(run.expected, "row")} are here.`;
}

function brokenOff(run) {
  return `The answer broke off: ${soFar(run)} Send the file again.`;
}

/** The name that the service gives, or one made from the file's. */
function fileName(disposition, sent) {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "");
  const plain = /filename="([^"]+)"/i.exec(disposition ?? "");
  try {
    return encoded ? decodeURIComponent(encoded[1]) : (plain?.[1] ?? `classified-${sent}`);
  } catch {
    return `classified-${sent}`;
  }
}

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
