import { useEffect } from "preact/hooks";
import { useStored } from "../stored.js";

/** Whether the page is light or dark, where somebody does not like what the system says. */
export function Theme() {
  const [theme, setTheme] = useStored("theme", "auto");
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  return (
    <label class="theme">
      <span class="unseen">Colours</span>
      <select value={theme} onChange={({ currentTarget }) => setTheme(currentTarget.value)}>
        <option value="auto">Auto</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
