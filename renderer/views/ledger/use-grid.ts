// Which rows of a long list are in sight, and how keys move through all of them. Rows are counted from the oldest, 1 first; the
// newest is on top.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useParts } from '../../app-parts.ts';

/** As measured last; its height is a matter of the style and of the user's letter size. */
let usualRowHeight = 56;
/** About as high as ledger.module.css makes the scroller: so many rows are in the first drawing, before anything is measured. */
const aboutSeen = () => ({ width: window.innerWidth, height: Math.max(352, window.innerHeight - 272) });
/** Rows beyond those in sight that are asked for as well. */
const margin = 25;

export function useGrid(total: number) {
  const { counter } = useParts();
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(usualRowHeight);
  const [reached, setReached] = useState<number | null>(null);
  const [going, setGoing] = useState<number | null>(null);
  const reachedIndex = reached === null ? null : total - Math.min(reached, total);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
    initialRect: aboutSeen(),
    // The head row lies over the first rows in sight.
    scrollPaddingEnd: height,
    // Where the focus is stays in the page, however far the user scrolls away.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return reachedIndex === null || shown.includes(reachedIndex)
        ? shown
        : [...shown, reachedIndex].sort((a, b) => a - b);
    },
  });
  const top = virtual.range?.startIndex ?? 0;
  const bottom = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    counter.lookAtEntries(total - bottom - margin, total - top + margin);
  }, [counter, total, top, bottom]);
  useLayoutEffect(() => {
    const measured = scroller.current?.querySelector('tbody tr')?.getBoundingClientRect().height ?? 0;
    if (measured === 0) return;
    usualRowHeight = measured;
    setHeight(measured);
  }, []);
  const shownHeight = useRef(height);
  useLayoutEffect(() => {
    if (shownHeight.current !== height) virtual.measure();
    shownHeight.current = height;
  }, [virtual, height]);
  useStanding(scroller, total, height);
  const goTo = (number: number) => {
    const target = Math.min(total, Math.max(1, number));
    setReached(target);
    setGoing(target);
    virtual.scrollToIndex(total - target);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const perPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2);
    const to = targetOf(event.key, { from: reached ?? total, perPage, total });
    if (to === null) return;
    event.preventDefault();
    goTo(to);
  };
  return {
    scroller,
    shown: virtual.getVirtualItems(),
    height: virtual.getTotalSize(),
    reached: reached ?? total - top,
    takesFocus: (number: number) => number === going,
    reach: useCallback((number: number) => {
      setReached(number);
      setGoing((before) => (before === number ? before : null));
    }, []),
    onKeyDown,
  };
}

interface Standing {
  readonly from: number;
  readonly perPage: number;
  readonly total: number;
}

/** Up is towards the newest, whose number is the highest; null: the key does not move. */
export function targetOf(key: string, { from, perPage, total }: Standing): number | null {
  switch (key) {
    case 'ArrowDown':
      return from - 1;
    case 'ArrowUp':
      return from + 1;
    case 'PageDown':
      return from - perPage;
    case 'PageUp':
      return from + perPage;
    case 'Home':
      return total;
    case 'End':
      return 1;
    default:
      return null;
  }
}

/** Who has scrolled down goes on seeing the same rows when new ones come on top. */
function useStanding(scroller: React.RefObject<HTMLDivElement | null>, total: number, height: number): void {
  const before = useRef(total);
  useLayoutEffect(() => {
    const added = total - before.current;
    before.current = total;
    const box = scroller.current;
    if (added > 0 && box !== null && box.scrollTop > 0) box.scrollTop += added * height;
  }, [scroller, total, height]);
}
