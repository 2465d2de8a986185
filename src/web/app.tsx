import { useCallback, useEffect, useState } from "preact/hooks";
import { api, type Me } from "./api.js";
import { LivePage } from "./live/live-page.js";
import { Login } from "./login.js";
import { Theme } from "./parts/theme.js";
import { ReviewPage } from "./review/review-page.js";
import { useRoute } from "./route.js";
import { OutsidePage } from "./sessions/outside-page.js";
import { SessionPage } from "./sessions/session-page.js";
import { SessionsPage } from "./sessions/sessions-page.js";

const PAGES = [
  ["live", "Live"],
  ["sessions", "Sessions"],
  ["review", "Review"],
] as const;

/** The frame around every page: where one is, who one is, and how it looks. */
export function App() {
  const [me, setMe] = useState<Me>();
  const [lost, setLost] = useState(false);
  const [page = "live", id, within] = useRoute();
  const refresh = useCallback(async () => {
    const found = await api.me().catch(() => undefined);
    setLost(found === undefined);
    if (found) setMe(found);
  }, []);
  useEffect(() => {
    void refresh();
    const again = () => void refresh();
    addEventListener("login-needed", again);
    return () => removeEventListener("login-needed", again);
  }, [refresh]);
  useEffect(() => {
    if (!lost) return;
    const timer = setInterval(() => void refresh(), 2000);
    return () => clearInterval(timer);
  }, [lost, refresh]);
  if (me === undefined) return <main aria-busy="true">{lost && <p role="status">The daemon does not answer.</p>}</main>;
  if (me.visitor === null) return <Login onDone={refresh} />;
  const { visitor } = me;
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the page
      </button>
      <header class="top">
        <a class="brand" href="#/live">
          <img src="/icon.svg" alt="" width="24" height="24" /> Flinch
        </a>
        <nav aria-label="Pages">
          {PAGES.map(([name, title]) => (
            <a key={name} href={`#/${name}`} aria-current={page === name ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <Theme />
        {me.login && (
          <span class="who">
            {visitor.name} <small>({visitor.role})</small>{" "}
            <button type="button" onClick={() => void api.logout().then(refresh)}>
              Log out
            </button>
          </span>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {page === "sessions" && id === "none" ? (
          <OutsidePage />
        ) : page === "sessions" && id ? (
          <SessionPage key={id} id={id} visitor={visitor} />
        ) : page === "sessions" ? (
          <SessionsPage />
        ) : page === "review" ? (
          <ReviewPage me={me} id={id === "in" ? undefined : id} within={within} />
        ) : (
          <LivePage visitor={visitor} />
        )}
      </main>
    </>
  );
}
