import { groupsOf } from "../../spotting/groups.js";

/** Which colour stands for which group of regions. */
export function GroupKeys({ regions }: { regions: readonly string[] }) {
  return (
    <>
      {groupsOf(regions).map(({ name }) => (
        <span key={name} class={`key ${name}`}>
          ▬ {name}
        </span>
      ))}
    </>
  );
}
