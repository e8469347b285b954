/** Sends a file and reads its answer as it comes. XMLHttpRequest, since fetch does not say how much of a body is sent. */
import { Problem, withKey } from "./api.js";

/**
 * @param {string} address
 * @param {File} file
 * @param {string} type its media type
 * @param {import("./key.js").Key} key
 * @param {{sent: (share: number) => void, headers: (header: (name: string) => string | null) => void, text: (piece: string) => void}} listeners
 * @param {AbortSignal} signal
 * @returns {Promise<void>} done when the whole answer is there. Rejected with a {@link Problem}, also where the answer breaks off
 */
export async function upload(address, file, type, key, listeners, signal) {
  for (;;) {
    const used = key.value;
    const problem = await once(address, file, type, used, listeners, signal);
    if (problem === null) {
      return;
    }
    if (problem.status !== 401 || !(await key.ask(problem, used))) {
      throw problem;
    }
  }
}

function once(address, file, type, key, listeners, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let read = 0;
    const isAnswer = () => request.status >= 200 && request.status < 300;
    const readOn = () => {
      if (isAnswer() && request.responseText.length > read) {
        listeners.text(request.responseText.slice(read));
        read = request.responseText.length;
      }
    };
    request.open("POST", address);
    for (const [name, value] of Object.entries(withKey({ "Content-Type": type }, key))) {
      request.setRequestHeader(name, value);
    }
    request.upload.addEventListener("progress", (event) => listeners.sent(event.total > 0 ? event.loaded / event.total : 1));
    request.upload.addEventListener("load", () => listeners.sent(1));
    request.addEventListener("readystatechange", () => {
      if (request.readyState === XMLHttpRequest.HEADERS_RECEIVED && isAnswer()) {
        listeners.headers((name) => request.getResponseHeader(name));
      }
    });
    request.addEventListener("progress", readOn);
    request.addEventListener("load", () => {
      readOn();
      resolve(isAnswer() ? null : Problem.of(request.status, request.responseText, (name) => request.getResponseHeader(name)));
    });
    request.addEventListener("error", () => reject(Problem.unreachable()));
    request.addEventListener("abort", () => reject(new DOMException("Cancelled", "AbortError")));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
