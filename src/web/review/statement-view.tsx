import type { AttentionMap, Statement } from "../../contract/index.js";
import { percent } from "../words.js";

/** All that HSTA may say of a movement: classes, valence, action units, attention. */
export function StatementView({ statement }: { statement: Statement | undefined }) {
  if (statement === undefined) return <p class="soft">HSTA has not seen this one.</p>;
  return (
    <div class="statement">
      {"probabilities" in statement ? (
        <Shares title="Classes" shares={{ ...statement.probabilities }} />
      ) : (
        <Shares title="Classes" shares={{ none: statement.none }} />
      )}
      {"valence" in statement && <Shares title="Valence" shares={{ ...statement.valence }} />}
      {"actionUnits" in statement && statement.actionUnits && (
        <Shares title="Action units" shares={{ ...statement.actionUnits }} most={8} />
      )}
      {"attention" in statement && statement.attention && <Attention map={statement.attention} />}
    </div>
  );
}

function Shares({
  title,
  shares,
  most = 12,
}: {
  title: string;
  shares: Readonly<Record<string, number>>;
  most?: number;
}) {
  const rows = Object.entries(shares)
    .sort(([, a], [, b]) => b - a)
    .slice(0, most);
  return (
    <table class="shares">
      <caption>{title}</caption>
      <tbody>
        {rows.map(([name, share]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <span class="bar" style={{ inlineSize: `${100 * share}%` }} />
            </td>
            <td class="number">{percent(share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Where HSTA looked, one square a stretch of the clip: darker is more. */
function Attention({ map: { shape, values } }: { map: AttentionMap }) {
  const [frames = 0, rows = 0, columns = 0] = shape;
  const most = Math.max(...values, 1e-6);
  return (
    <figure class="attention">
      <figcaption>Attention, from onset to offset</figcaption>
      {Array.from({ length: frames }, (_, f) => (
        <svg
          key={String(f)}
          viewBox={`0 0 ${columns} ${rows}`}
          role="img"
          aria-label={`Attention, part ${f + 1} of ${frames}`}
        >
          {Array.from({ length: rows * columns }, (_, i) => (
            <rect
              key={String(i)}
              x={i % columns}
              y={Math.floor(i / columns)}
              width="1"
              height="1"
              opacity={(values[f * rows * columns + i] ?? 0) / most}
            />
          ))}
        </svg>
      ))}
    </figure>
  );
}
