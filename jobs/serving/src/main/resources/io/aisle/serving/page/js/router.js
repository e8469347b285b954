/** Views by the hash of the address: `#/review`. */
import { byId } from "./dom.js";

/**
 * @param {Record<string, {show: () => void, hide?: () => void}>} views by name; the first is the one without a hash
 */
export function startRouter(views) {
  const names = Object.keys(views);
  let shown = null;

  function route(isFirst) {
    const asked = location.hash.replace(/^#\/?/, "");
    const name = names.includes(asked) ? asked : names[0];
    if (name === shown) {
      return;
    }
    if (shown !== null) {
      views[shown].hide?.();
    }
    shown = name;
    for (const other of names) {
      byId(`view-${other}`).hidden = other !== name;
    }
    for (const link of document.querySelectorAll("nav a")) {
      if (link.hash === `#/${name}`) {
        link.setAttribute("aria-current", "page");
      } else {
        link.removeAttribute("aria-current");
      }
    }
    const heading = byId(`${name}-heading`);
    document.title = `${heading.textContent} · Aisle`;
    if (!isFirst) {
      window.scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    }
    views[name].show();
  }

  window.addEventListener("hashchange", () => route(false));
  route(true);
}
