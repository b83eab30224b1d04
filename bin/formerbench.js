#!/usr/bin/env node
// The sources are TypeScript and run as they are: nothing to build, nothing to go stale.
import { register } from 'tsx/esm/api';

register();
await import('../cli/main.ts');
