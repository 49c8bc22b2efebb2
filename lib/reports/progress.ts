// The progress bar, as text: a pure function of what is done and how long it took.

import { type Duration, seconds, toSeconds } from '../base/instant.ts';
import { cell, clip } from './columns.ts';
import { toAscii } from './look.ts';
import { lengthText } from './words.ts';

export interface ProgressShown {
  readonly bytesDone: number;
  /** 0 when it is not known (standard input). */
  readonly bytesTotal: number;
  readonly files: number;
  readonly file: string;
  readonly elapsed: Duration;
  readonly width: number;
  readonly ascii: boolean;
}

const BAR = 20;

/** `█████░░░░░  42%  1.2 GB of 2.9 GB  310 MB/s  5.4s left  main.log`, one line, no wider than asked. */
export function progressLine(shown: ProgressShown): string {
  const parts =
    shown.bytesTotal > 0
      ? [...shareParts(shown), ...rateParts(shown)]
      : [bytesText(shown.bytesDone), ...rateParts(shown)];
  const line = clip([...parts, cell(shown.file)].filter((part) => part !== '').join('  '), shown.width - 1);
  return shown.ascii ? toAscii(line) : line;
}

function shareParts({ bytesDone, bytesTotal }: ProgressShown): readonly string[] {
  const share = Math.min(1, bytesDone / bytesTotal);
  const full = Math.floor(share * BAR);
  const bar = '█'.repeat(full) + '░'.repeat(BAR - full);
  return [
    bar,
    `${Math.floor(share * 100)}%`.padStart(4),
    `${bytesText(bytesDone)} of ${bytesText(bytesTotal)}`,
  ];
}

function rateParts({ bytesDone, bytesTotal, elapsed }: ProgressShown): readonly string[] {
  const rate = elapsed <= 0n ? 0 : bytesDone / toSeconds(elapsed);
  if (rate <= 0) return [];
  const left = bytesTotal > bytesDone ? [`${leftText((bytesTotal - bytesDone) / rate)} left`] : [];
  return [`${bytesText(rate)}/s`, ...left];
}

const leftText = (left: number): string => lengthText(seconds(Math.max(1, Math.round(left))));

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `1.2 GB`: powers of 1000, two or three digits. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
