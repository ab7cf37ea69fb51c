// Bars of what was used, one for each day or month, put together of its features. For those who see; the tables beside say the
// same in words. Colours come from classes, since the page's policy allows no styles in the markup.
import { scaleBand, scaleLinear } from '@visx/scale';
import { BarStack } from '@visx/shape';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { UsageView } from '../../../shared/contract/usage-views.ts';
import { useParts } from '../../app-parts.ts';
import { classes } from '../../components/classes.ts';
import { partsOf, sliceName } from '../../text/usage-words.ts';
import styles from './usage.module.css';

const height = 260;
const edge = { top: 12, right: 4, bottom: 28, left: 52 };

export function UsageChart({ usage }: { readonly usage: UsageView }) {
  const parts = useParts();
  const { text, format } = parts;
  const words = text.usage.chart;
  const [box, width] = useWidth();
  const [pointed, setPointed] = useState<string | null>(null);
  const named = partsOf(parts, usage);
  const label = words.label(format.calendarDate(usage.from), format.calendarDate(usage.to), format.number(usage.spent));
  const slice = usage.slices.find(({ key }) => key === pointed);
  return (
    <figure className={styles.figure}>
      <div ref={box} className={styles.plot}>
        {width === 0 ? null : <Bars usage={usage} width={width} label={label} pointed={pointed} onPoint={setPointed} />}
      </div>
      <figcaption className={styles.caption}>
        <ul className={styles.legend}>
          {named.map(({ name, look }) => (
            <li key={name}>
              <span className={classes(styles.swatch, styles[look])} />
              {name}
            </li>
          ))}
        </ul>
        <span className={styles.note}>
          {slice === undefined
            ? words.hint
            : words.of(sliceName(parts, usage.period, slice.key), format.number(slice.spent))}
        </span>
      </figcaption>
    </figure>
  );
}

interface BarsProps {
  readonly usage: UsageView;
  readonly width: number;
  readonly label: string;
  readonly pointed: string | null;
  readonly onPoint: (key: string | null) => void;
}

function Bars({ usage, width, label, pointed, onPoint }: BarsProps) {
  const parts = useParts();
  const { format } = parts;
  const id = useId();
  const named = partsOf(parts, usage);
  const keys = named.map(({ look }) => look);
  const data = usage.slices.map((slice) => ({
    key: slice.key,
    ...Object.fromEntries(named.map(({ look, of }) => [look, of(slice)])),
  }));
  const most = Math.max(1, ...usage.slices.map(({ spent }) => spent));
  const x = scaleBand({ domain: data.map(({ key }) => key), range: [edge.left, width - edge.right], padding: 0.25 });
  const y = scaleLinear({ domain: [0, most], range: [height - edge.bottom, edge.top], nice: true });
  const every = Math.ceil(data.length / Math.max(2, Math.floor((width - edge.left) / 80)));
  const marks = data.map(({ key }) => key).filter((_, at) => (data.length - 1 - at) % every === 0);
  return (
    <svg width={width} height={height} role="img" aria-labelledby={id}>
      <title id={id}>{label}</title>
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line className={styles.line} x1={edge.left} x2={width - edge.right} y1={y(tick)} y2={y(tick)} />
          <text className={styles.tick} x={edge.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="central">
            {format.compact(tick)}
          </text>
        </g>
      ))}
      <BarStack data={data} keys={keys} x={({ key }) => key} xScale={x} yScale={y} color={() => ''}>
        {(stacks) =>
          stacks.flatMap((stack) =>
            stack.bars.map((bar) => (
              <rect
                key={`${stack.key} ${bar.index}`}
                className={styles[stack.key]}
                x={bar.x}
                y={bar.y}
                width={bar.width}
                height={Math.max(0, bar.height)}
              />
            )),
          )
        }
      </BarStack>
      {marks.map((key) => (
        <text
          key={key}
          className={styles.tick}
          x={(x(key) ?? 0) + x.bandwidth() / 2}
          y={height - edge.bottom + 20}
          textAnchor="middle"
        >
          {usage.period === 'months_12' ? format.shortMonth(key) : format.dayMonth(key)}
        </text>
      ))}
      <Reach x={x} pointed={pointed} onPoint={onPoint} />
    </svg>
  );
}

type ReachProps = Pick<BarsProps, 'pointed' | 'onPoint'> & { readonly x: ReturnType<typeof scaleBand<string>> };

/** The whole height over each bar, so that short ones can be pointed at too. */
function Reach({ x, pointed, onPoint }: ReachProps) {
  return x
    .domain()
    .map((key) => (
      <rect
        key={key}
        className={classes(styles.reach, key === pointed && styles.pointed)}
        x={(x(key) ?? 0) - (x.step() - x.bandwidth()) / 2}
        y={edge.top}
        width={x.step()}
        height={height - edge.bottom - edge.top}
        onPointerEnter={() => onPoint(key)}
        onPointerLeave={() => onPoint(null)}
      />
    ));
}

/** As it was last: mostly it still is, and then the bars are drawn at once and not after a first layout. */
let usualWidth = 0;

/** The width that there is, followed when the window changes. */
function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(usualWidth);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => {
      usualWidth = element.clientWidth;
      setWidth(usualWidth);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}
