import { agreementOf } from "../../history/in-page.js";
import type { ReportData } from "../../report/index.js";
import type { ReviewApi } from "../api.js";
import type { PageLabels } from "./page-labels.js";
import { excerptIn, keptMovement } from "./page-movements.js";

/** What the review asks for, from the page itself. */
export function pageApi(data: ReportData, labels: PageLabels): ReviewApi {
  const byId = new Map(data.movements.map((movement) => [movement.id, movement]));
  const places = new Map(data.movements.map(({ id }, place) => [id, place]));
  return {
    async movements({ raised, beforeId, reviewer, limit = data.movements.length }) {
      const decisions = new Map(
        labels
          .current()
          .filter((label) => label.reviewer === reviewer)
          .map(({ movement, decision }) => [movement, decision]),
      );
      // A recording is gone through from its beginning.
      const first = beforeId === undefined ? 0 : (places.get(beforeId) ?? -1) + 1;
      const rest = data.movements
        .slice(first)
        .filter(({ event }) => raised === undefined || (event !== null) === raised)
        .slice(0, limit);
      return {
        movements: rest.map((movement) => ({
          ...keptMovement(movement),
          raised: movement.event !== null,
          decision: decisions.get(movement.id) ?? null,
        })),
      };
    },
    async movement(id, reviewer) {
      const found = byId.get(id);
      if (found === undefined) throw new Error(`there is no movement ${id} in this recording`);
      return {
        ...keptMovement(found),
        event: found.event,
        why: found.why,
        ...(found.thumbnails && { pictures: found.thumbnails }),
        clip: false,
        excerpt: await excerptIn(data, found),
        labels: labels.of(id, reviewer),
      };
    },
    label: async ({ reviewer = "local", ...wish }) => labels.add({ ...wish, reviewer }),
    agreement: async () => agreementOf(labels.current()),
  };
}
