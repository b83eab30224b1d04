/** How far a download is: a line that changes on a terminal, a line for every tenth elsewhere. */

export interface TransferProgress {
  readonly report: (file: string, received: number, total: number | null) => void;
  readonly end: () => void;
}

/** Milliseconds between changes of the line. */
const interval = 200;

export function createTransferProgress(stream: NodeJS.WriteStream): TransferProgress {
  let shownAt = -Infinity;
  let shownTenth = -1;
  let shownFile = '';
  return {
    report: (file, received, total) => {
      if (file !== shownFile) [shownFile, shownTenth, shownAt] = [file, -1, -Infinity];
      const tenth = total === null ? Math.floor(received / 2 ** 26) : Math.floor((10 * received) / total);
      if (stream.isTTY && performance.now() - shownAt > interval) {
        shownAt = performance.now();
        stream.write(`\r${describe(file, received, total)}\x1b[K`);
      } else if (!stream.isTTY && tenth > shownTenth) {
        shownTenth = tenth;
        stream.write(`${describe(file, received, total)}\n`);
      }
    },
    end: () => {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}

function describe(file: string, received: number, total: number | null): string {
  if (total === null) return `${file}: ${formatBytes(received)}`;
  return `${file}: ${formatBytes(received)} of ${formatBytes(total)}, ${Math.floor((100 * received) / total)} %`;
}

/** `84 MB`; decimal, as download pages have it. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? 'B'}`;
}
