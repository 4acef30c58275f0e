import type { Output } from '../plugin.js';

/** The lower end of a terminal that is drawn anew while the run goes on; what is printed above it stays. */
export interface LiveRegion {
  /** Prints lines above the region, for good. */
  print(lines: readonly string[]): void;
  /** Takes the region away and stops drawing. */
  close(): void;
}

/** Time between two frames: ten a second, whatever the events. */
const FRAME_MS = 100;

/**
 * A region whose lines `draw` gives for each frame (the frame counts up, for a spinner). `draw` gets the room that a line has and must keep to it,
 * since a line that wraps could not be taken back.
 */
export function createLiveRegion(output: Output, draw: (frame: number, columns: number) => readonly string[]): LiveRegion {
  let height = 0;
  let frame = 0;
  let open = true;
  const erase = (): string => (height === 0 ? '' : `\u001b[${height}A\u001b[0J`);
  const paint = (above: readonly string[]): void => {
    const lines = open ? draw(frame, Math.max(1, output.columns - 1)) : [];
    const text = `${erase()}${[...above, ...lines].map((line) => `${line}\n`).join('')}`;
    height = lines.length;
    if (text !== '') output.write(text);
  };
  const timer = setInterval(() => {
    frame += 1;
    paint([]);
  }, FRAME_MS);
  timer.unref();
  return {
    print: (lines) => paint(lines),
    close() {
      if (!open) return;
      clearInterval(timer);
      open = false;
      paint([]);
    },
  };
}
