import { Exports } from "./exports.js";
import { ReviewLink } from "./review-link.js";

/** What was noticed while no session was open. */
export function OutsidePage() {
  return (
    <>
      <h1>Outside of sessions</h1>
      <p>
        What the daemon notices while no session is open; with privacy.requireSession there is nothing. It is deleted
        when its retention period is over.
      </p>
      <p>
        <ReviewLink session="none" />
      </p>
      <Exports id="none" />
    </>
  );
}
