// Light, dark, or as the system says.

import { byId } from "./dom";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const KEY = "canary-report-theme";

export function setUpTheme(): void {
  const button = byId<HTMLButtonElement>("theme");
  let theme = THEMES.find((candidate) => candidate === stored()) ?? "system";
  const show = (): void => {
    document.documentElement.dataset["theme"] = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme;
    store(theme);
    show();
  });
  show();
}

// An artifact store may forbid storage; then a choice lasts as long as the page.
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // See above.
  }
}
