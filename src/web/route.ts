import { useEffect, useState } from "preact/hooks";

/** What the address names behind its #: "#/sessions/ID" is ["sessions", "ID"]. */
export function useRoute(): readonly string[] {
  const read = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const follow = () => setRoute(read());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

export const go = (...parts: readonly string[]): void => {
  location.hash = `#/${parts.join("/")}`;
};
