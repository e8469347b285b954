// Runs before the first paint, so that a page in dark colours never flashes.
(() => {
  try {
    const theme = localStorage.getItem("aisle.theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // storage is forbidden: the system's colours it is
  }
})();
