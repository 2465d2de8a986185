/** What the style sheet gives a custom property, for what is drawn on a canvas. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Calls back whenever colours have changed: by the person's choice or the system's. Returns how to stop that. */
export function onColours(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(listener);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  system.addEventListener("change", listener);
  return () => {
    chosen.disconnect();
    system.removeEventListener("change", listener);
  };
}

/** Whether the person has asked for little motion on the screen. */
export const isCalm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
