import { useEffect, useMemo } from "preact/hooks";
import type { ReportData } from "../../report/index.js";
import type { Me } from "../api.js";
import { Theme } from "../parts/theme.js";
import { ReviewPage } from "../review/review-page.js";
import { type Source, SourceContext } from "../review/source.js";
import { useRoute } from "../route.js";
import { momentOf } from "../words.js";
import { OverviewPage } from "./overview-page.js";
import { pageApi } from "./page-api.js";
import { PageLabels } from "./page-labels.js";

/** Whoever has the page may review; who they are, they say. */
const ANYBODY: Me = { login: false, visitor: { name: "local", role: "review" } };

/** The page of a recording: the console's review over what the page itself holds. */
export function ReportApp({ data }: { data: ReportData }) {
  const [page = "recording", id] = useRoute();
  const labels = useMemo(() => new PageLabels(data), [data]);
  const source = useMemo<Source>(
    () => ({ api: pageApi(data, labels), sessions: false, timeOf: momentOf }),
    [data, labels],
  );
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      if (!labels.kept && labels.current().length > 0) event.preventDefault();
    };
    addEventListener("beforeunload", leave);
    return () => removeEventListener("beforeunload", leave);
  }, [labels]);
  const link = (name: string, title: string) => (
    <a href={`#/${name}`} aria-current={page === name ? "page" : undefined}>
      {title}
    </a>
  );
  return (
    <SourceContext.Provider value={source}>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the page
      </button>
      <header class="top">
        <span class="brand">Flinch</span>
        <nav aria-label="Pages">
          {link("recording", "Recording")}
          {link("review", "Review")}
        </nav>
        <Theme />
      </header>
      <main id="main" tabIndex={-1}>
        {!labels.kept && (
          <p class="notice" role="alert">
            This browser stores nothing for this page: export your labels before you close it.
          </p>
        )}
        {page === "review" ? (
          <ReviewPage me={ANYBODY} id={id} within={undefined} />
        ) : (
          <OverviewPage data={data} labels={labels} />
        )}
      </main>
    </SourceContext.Provider>
  );
}
