/** Whether a GPU answers, asked of the driver's own tool. */
import { execFile } from 'node:child_process';

const driverTool = 'nvidia-smi';

/** The GPU's name, or null. */
export function findGpu(): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      driverTool,
      ['--query-gpu=name', '--format=csv,noheader'],
      { timeout: 5_000 },
      (error, stdout) => {
        const [name = ''] = stdout.trim().split('\n');
        resolve(error === null && name !== '' ? name : null);
      },
    );
  });
}
