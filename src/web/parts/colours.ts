const known = new Map<string, string>();

/** What the style sheet gives a custom property at the moment, as a canvas takes it: `light-dark()` is decided. */
export function colour(name: string): string {
  let found = known.get(name);
  if (found === undefined) {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    found = getComputedStyle(probe).color;
    probe.remove();
    known.set(name, found);
  }
  return found;
}

/** Calls back whenever colours have changed: by the person's choice or the system's. Returns how to stop that. */
export function onColours(listener: () => void): () => void {
  const changed = () => {
    known.clear();
    listener();
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(changed);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  system.addEventListener("change", changed);
  return () => {
    chosen.disconnect();
    system.removeEventListener("change", changed);
  };
}

/** Whether the person has asked for little motion on the screen. */
export const isCalm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
