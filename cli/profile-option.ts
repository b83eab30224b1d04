/** The flag `--profile`, with one meaning in every command that has it. */
import type { Command } from 'commander';

export interface ProfileOptions {
  readonly profile: boolean;
}

export function addProfileOption(command: Command): Command {
  return command.option(
    '--profile',
    'show what a step spends its time in, op by op, in place of a measurement (speed)',
    false,
  );
}
