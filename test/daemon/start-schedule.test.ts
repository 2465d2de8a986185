import t from "tap";
import { startSchedule } from "../../src/daemon/schedules.js";

const base = { name: "heartbeat", expression: "* * * * * *", timezone: "UTC", run: () => undefined, onError: t.threw };

t.test("it runs at its times, never twice at once, and not after it was stopped", async (t) => {
  let runs = 0;
  let atOnce = 0;
  let most = 0;
  const errors: unknown[] = [];
  const stay = setInterval(() => undefined, 1000);
  await new Promise<void>((resolve) => {
    const schedule = startSchedule({
      ...base,
      onError: (error) => errors.push(error),
      run: async () => {
        runs += 1;
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((done) => setTimeout(done, 1500));
        atOnce -= 1;
        if (runs === 2) {
          schedule.stop();
          schedule.stop();
          resolve();
        }
        throw new Error(`run ${runs}`);
      },
    });
  });
  clearInterval(stay);
  t.equal(most, 1);
  t.match(errors[0], { message: "run 1" });
});

t.test("a run may stop its own schedule", async (t) => {
  let runs = 0;
  const stay = setInterval(() => undefined, 1000);
  const schedule = startSchedule({
    ...base,
    run: () => {
      runs += 1;
      schedule.stop();
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 2500));
  clearInterval(stay);
  t.equal(runs, 1);
});

t.test("a wrong expression or time zone is named", async (t) => {
  t.throws(() => startSchedule({ ...base, expression: "61 * * * *" }), {
    code: "CONFIG_INVALID",
    message: /schedule\.heartbeat '61 \* \* \* \*'/,
  });
  t.throws(() => startSchedule({ ...base, timezone: "Mars/Olympus" }), {
    code: "CONFIG_INVALID",
    message: /Mars\/Olympus/,
  });
});
